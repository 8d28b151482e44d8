"""A private value never prints itself, whatever is done to it."""

import copy
import json
import logging
import pickle
import traceback

import pytest

from amanat.lib.private import Private

CANARY = "sara.canary@example.org"


def test_no_way_of_printing_shows_the_value(caplog):
    value = Private("email", CANARY)
    shown = [repr(value), str(value), f"{value}", f"{value:>20}", f"{value!r}", f"{[value]}", f"{ {'a': value} }", "%s" % value]  # noqa: UP031
    with caplog.at_level(logging.INFO):
        logging.getLogger("amanat").info("person %s", value)
    assert all(CANARY not in text for text in [*shown, caplog.text])


def test_it_does_not_slip_through_json_pickle_or_an_error():
    value = Private("email", CANARY)
    with pytest.raises(TypeError):
        json.dumps({"a": value})
    with pytest.raises(TypeError):
        pickle.dumps(value)
    with pytest.raises(TypeError):
        copy.copy(value)
    try:
        value.upper()
    except AttributeError:
        assert CANARY not in traceback.format_exc()


def test_it_is_revealed_only_with_a_reason():
    value = Private("email", CANARY)
    assert value.reveal(why="the address of the envelope") == CANARY
    with pytest.raises(ValueError, match="a reason is needed"):
        value.reveal(why="")


def test_equal_values_are_equal_whatever_their_kind_says():
    assert Private("email", "a") == Private("email", "a") != Private("email", "b")
    assert len({Private("email", "a"), Private("email", "a")}) == 1
