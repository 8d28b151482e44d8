"""Letters are set in a process of their own, which gives the same letters, ends with its owner, and may die without taking a letter along."""

import pytest

from amanat.notify.letter import letter_data
from amanat.notify.typesetter import NotSet, Typesetter, TypesetterChild
from tests.notify.writing_world import COMPANY, TODAY, notices, person

DATA = letter_data(notices()["eu-gdpr.fa"], person("p3", name="سارا نمونه"), COMPANY, on=TODAY)


def test_the_child_sets_the_same_letter():
    with TypesetterChild() as child:
        first, second = child.pdf(DATA, TODAY), child.pdf(DATA, TODAY)
    assert first == second == Typesetter().pdf(DATA, TODAY)


def test_data_that_cannot_be_set_is_an_error_and_the_next_letter_is_set():
    with TypesetterChild() as child:
        with pytest.raises(NotSet, match="does not contain key"):
            child.pdf({}, TODAY)
        assert child.pdf(DATA, TODAY).startswith(b"%PDF")


def test_a_child_that_was_killed_is_an_error_and_a_new_one_sets_the_next_letter():
    with TypesetterChild() as child:
        child.pdf(DATA, TODAY)
        child._child.kill()
        child._child.wait()
        with pytest.raises(NotSet, match="ended with code -9"):
            child.pdf(DATA, TODAY)
        assert child.pdf(DATA, TODAY).startswith(b"%PDF")


def test_the_child_ends_with_its_owner():
    with TypesetterChild() as child:
        child.pdf(DATA, TODAY)
        process = child._child
    assert process.returncode == 0
