"""The silence clock: from public knowledge to the first, the middle and the last person told."""

from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from amanat.notify import silence
from amanat.terms.fact import Fact

PUBLIC = datetime(2026, 3, 6, 9, 0, tzinfo=timezone.utc)
NOW = PUBLIC + timedelta(hours=30)


def known(value=PUBLIC, status="known", name="public_knowledge"):
    return {name: Fact(name=name, value=value, status=status)}


def after(*hours):
    return [PUBLIC + timedelta(hours=h) for h in hours]


def test_the_clock_runs_while_nobody_was_told():
    clock = silence(known(), [], 5, now=NOW)
    assert clock.is_running and clock.minutes == 30 * 60 and clock.first_at is None


def test_without_a_public_that_knows_there_is_no_clock():
    assert silence({}, [], 5, now=NOW) is None
    assert silence(known(None, "unknown"), [], 5, now=NOW) is None
    assert silence(known(NOW + timedelta(minutes=1)), [], 5, now=NOW) is None


def test_first_half_and_all():
    clock = silence(known(), after(20, 10, 12, 15, 14), 5, now=NOW)
    assert (clock.minutes, clock.minutes_to_half, clock.minutes_to_all) == (600, 14 * 60, 20 * 60)  # of five, the third is the half
    assert not clock.is_running


def test_half_counts_those_who_must_be_told_and_not_those_who_were():
    clock = silence(known(), after(10, 11), 10, now=NOW)
    assert clock.half_at is None and clock.all_at is None and clock.n_told == 2


def test_who_told_first_was_not_silent():
    clock = silence(known(), after(-3), 1, now=NOW)
    assert clock.is_ahead and clock.minutes == 0


def test_a_moment_that_staff_noted_stands_for_the_first_where_no_receipt_is_kept():
    clock = silence({**known(), **known(PUBLIC + timedelta(hours=2), name="notice_to_individuals")}, [], 5, now=NOW)
    assert clock.minutes == 120 and not clock.is_running


def test_a_moment_as_text_and_in_another_zone_is_the_same_moment():
    assert silence(known("2026-03-06T10:00:00+01:00"), [], 1, now=NOW).minutes == 30 * 60
    # Paris puts its clocks forward on 29 March: a day there has 23 hours, and the clock counts hours that passed.
    begin, end = "2026-03-28T12:00:00+01:00", datetime.fromisoformat("2026-03-29T12:00:00+02:00")
    assert silence(known(begin), [], 1, now=end).minutes == 23 * 60


@given(st.lists(st.integers(-100, 100), max_size=30), st.integers(0, 30))
def test_telling_one_person_more_never_makes_the_silence_longer(hours, n):
    told = after(*hours)
    before, then = silence(known(), told, n, now=NOW), silence(known(), [*told, NOW], n, now=NOW)
    assert then.minutes <= before.minutes
    assert before.first_at is None or before.half_at is None or before.first_at <= before.half_at
