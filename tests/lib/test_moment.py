"""The moments at which commands may be told to be: none beyond the calendar, where no deadline can be counted."""

from argparse import ArgumentTypeError

import pytest

from amanat.assess.__main__ import _now as of_assess
from amanat.care.__main__ import _moment as of_care
from amanat.lib.errors import Fixable
from amanat.lib.moment import moment_of
from amanat.notify.compose_commands import _moment as of_notify
from amanat.verbs.run import _clock as of_run


@pytest.mark.parametrize("command", [of_assess, of_care, of_notify, of_run])
@pytest.mark.parametrize("text", ["9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+00:00", "2026-03-06T18:00:00", "soon"])
def test_a_moment_that_cannot_be_meant_gets_a_sentence(command, text):
    with pytest.raises((Fixable, ArgumentTypeError), match="offset"):
        command(text)


def test_a_moment_of_our_time_is_taken():
    assert moment_of("2026-03-06T18:00:00+01:00").isoformat() == "2026-03-06T18:00:00+01:00"
