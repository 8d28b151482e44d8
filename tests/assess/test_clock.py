from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.assess.clock import UnknownCalendar, add_months, add_working_days, due_at, is_same_moment
from amanat.assess.law import Limit

PARIS, NEW_YORK = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("event", "zone", "due"),
    [
        ("2026-03-27T18:00:00+01:00", PARIS, "2026-03-30T19:00:00+02:00"),  # spring
        ("2026-10-23T18:00:00+02:00", PARIS, "2026-10-26T17:00:00+01:00"),  # autumn
        ("2026-03-06T18:00:00-05:00", NEW_YORK, "2026-03-09T19:00:00-04:00"),
        ("2026-10-30T18:00:00-04:00", NEW_YORK, "2026-11-02T17:00:00-05:00"),
        ("2026-10-25T02:30:00+02:00", PARIS, "2026-10-28T01:30:00+01:00"),  # the first of two half past twos
        ("2026-10-25T02:30:00+01:00", PARIS, "2026-10-28T02:30:00+01:00"),  # the second
    ],
)
def test_seventy_two_hours_are_real_hours_across_each_change_of_clocks(event: str, zone: ZoneInfo, due: str):
    at = datetime.fromisoformat(event)

    # With the offset as it was written, and on the local clock, where adding to the hands would be an hour off.
    assert due_at(at, Limit(within_hours=72), zone=zone) == datetime.fromisoformat(due)
    assert due_at(at.astimezone(zone), Limit(within_hours=72), zone=zone) == datetime.fromisoformat(due)


@given(st.integers(1_577_836_800, 2_051_222_400), st.integers(1, 2000))
def test_hours_never_depend_on_the_zone(seconds: int, hours: int):
    event = datetime.fromtimestamp(seconds, timezone.utc)

    assert due_at(event, Limit(within_hours=hours), zone=PARIS) == event + timedelta(hours=hours)


def test_the_day_of_the_event_is_not_counted_and_the_last_day_ends_where_the_authority_is():
    # Late on 1 March in Paris is still the afternoon in New York; early on 2 March UTC is still 1 March there.
    assert due_at(datetime.fromisoformat("2026-03-02T04:00:00+00:00"), Limit(within_days=30), zone=NEW_YORK) == datetime.fromisoformat(
        "2026-03-31T23:59:59-04:00"
    )
    assert due_at(datetime.fromisoformat("2026-03-02T06:00:00+00:00"), Limit(within_days=30), zone=NEW_YORK) == datetime.fromisoformat(
        "2026-04-01T23:59:59-04:00"
    )


def test_a_day_whose_last_hour_comes_twice_ends_with_the_second_one():
    # In Egypt the clocks go back on the last Thursday of October, from midnight to eleven in the evening.
    due = due_at(datetime.fromisoformat("2026-10-26T12:00:00+02:00"), Limit(within_days=3), zone=ZoneInfo("Africa/Cairo"))
    assert due is not None and due.timestamp() == datetime.fromisoformat("2026-10-29T21:59:59+00:00").timestamp()


def test_an_hour_that_comes_twice_is_the_same_moment_however_its_zone_is_written():
    twice = datetime(2026, 10, 29, 23, 59, 59, tzinfo=ZoneInfo("Africa/Cairo"))

    assert is_same_moment(twice, datetime.fromisoformat("2026-10-29T23:59:59+03:00"))
    assert is_same_moment(twice.replace(fold=1), datetime.fromisoformat("2026-10-29T23:59:59+02:00"))
    assert not is_same_moment(twice, twice.replace(fold=1).astimezone(timezone.utc))
    assert is_same_moment(None, None) and not is_same_moment(twice, None)


def test_months_clip_to_the_last_day():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2028, 1, 31), 1) == date(2028, 2, 29)
    assert add_months(date(2026, 8, 31), 1) == date(2026, 9, 30)
    assert add_months(date(2026, 12, 15), 1) == date(2027, 1, 15)
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)


@given(st.dates(date(2000, 1, 1), date(2099, 1, 1)), st.integers(1, 60))
def test_a_month_later_is_never_in_another_month(day: date, n: int):
    later = add_months(day, n)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == n
    assert later.day <= day.day


def test_working_days_skip_weekends_and_the_holidays_of_the_place():
    assert add_working_days(date(2026, 11, 19), 3, "BR") == date(2026, 11, 25)  # Fri 20 November is a holiday
    assert add_working_days(date(2026, 11, 10), 5, "US-NY") == date(2026, 11, 18)  # Veterans Day
    assert add_working_days(date(2026, 12, 24), 1, "BR") == date(2026, 12, 28)


def test_an_unknown_calendar_is_said():
    with pytest.raises(UnknownCalendar, match="no calendar"):
        add_working_days(date(2026, 1, 1), 1, "QQ")


def test_without_a_number_there_is_no_instant():
    assert due_at(datetime(2026, 1, 1, tzinfo=timezone.utc), Limit(), zone=PARIS) is None
