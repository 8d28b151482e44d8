"""The last net under the logs: no address, number or database value gets through."""

import logging

from amanat.web.logs import NoValues, without_values


def test_addresses_and_numbers_do_not_reach_the_log():
    assert without_values("550 <sara.canary@example.org> unknown") == "550 <<email>> unknown"
    assert without_values("tel. +33 1 99 00 12 34, card 4111 1111 1111 1111") == "tel. <number>, card <number>"
    assert without_values("run 00000000-0000-4000-8000-000000000001 took 12.5 s") == "run 00000000-0000-4000-8000-000000000001 took 12.5 s"


def test_what_the_database_says_about_a_value_is_left_out():
    text = without_values('duplicate key "x"\nDETAIL:  Key (name)=(Sara Canari) already exists.')

    assert "Sara" not in text


def test_a_traceback_passes_the_net_too():
    try:
        raise ValueError("no mailbox sara@example.org")
    except ValueError:
        record = logging.LogRecord("amanat", logging.ERROR, "f", 1, "failed for %s", ("sara@example.org",), None)
        import sys

        record.exc_info = sys.exc_info()
    NoValues().filter(record)
    line = logging.Formatter().format(record)

    assert "sara@" not in line
    assert "ValueError" in line
