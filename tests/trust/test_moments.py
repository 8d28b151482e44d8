"""Times as other systems write them: each column is read in one way, and what nothing decides is set aside and counted."""

from datetime import date, datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.trust.moments import moments

NEW_YEAR = datetime(2026, 1, 1, tzinfo=timezone.utc)  # 1767225600 seconds since 1970


def read(values, kind=None):
    aside = []
    found = moments(pa.array(values, kind), "at", aside)
    return found.to_pylist(), {one.code: one.n for one in aside}


@pytest.mark.parametrize(
    ("unit", "values"),
    [
        ("seconds", [1767225600, 1767225661]),
        ("milliseconds", [1767225600000, 1767225661000]),
        ("microseconds", [1767225600000000, 1767225661000000]),
        ("nanoseconds", [1767225600000000000, 1767225661000000000]),
    ],
)
def test_numbers_are_counted_from_1970_in_the_unit_that_their_size_tells(unit, values):
    expected = [NEW_YEAR, NEW_YEAR + timedelta(seconds=61)]
    assert read(values, pa.int64()) == (expected, {f"in_{unit}": 2})
    assert read([str(value) for value in values]) == (expected, {f"in_{unit}": 2})


def test_seconds_may_have_a_fraction():
    assert read([1767225600.5], pa.float64()) == ([NEW_YEAR + timedelta(seconds=0.5)], {"in_seconds": 1})
    assert read(["1767225600.5"]) == ([NEW_YEAR + timedelta(seconds=0.5)], {"in_seconds": 1})


def test_a_number_of_another_size_than_the_column_is_set_aside():
    found, counted = read([1767225600, 1767225601, 12, None], pa.int64())
    assert (found[2:], counted) == ([None, None], {"in_seconds": 2, "bad_time": 2})
    assert read([3, 4], pa.int64()) == ([None, None], {"bad_time": 2})


def test_a_day_past_the_twelfth_decides_for_the_whole_column():
    assert read(["03/02/2026", "31/01/2026 10:30"]) == (
        [datetime(2026, 2, 3, tzinfo=timezone.utc), datetime(2026, 1, 31, 10, 30, tzinfo=timezone.utc)],
        {"day_first": 2, "no_offset": 2},
    )
    assert read(["03/02/2026", "01-31-2026"]) == (
        [datetime(2026, 3, 2, tzinfo=timezone.utc), datetime(2026, 1, 31, tzinfo=timezone.utc)],
        {"month_first": 2, "no_offset": 2},
    )


def test_where_nothing_decides_or_both_are_written_nothing_is_guessed():
    assert read(["03/02/2026", "04/05/2026", "2026-01-01T00:00:00Z"]) == ([None, None, NEW_YEAR], {"ambiguous_dates": 2})
    assert read(["31/01/2026", "01/31/2026", "02/03/2026"]) == ([None] * 3, {"mixed_dates": 3})


def test_points_part_days_from_months_and_a_year_in_front_is_plain():
    assert read(["03.02.2026", "2026/02/03 08:00:00"]) == (
        [datetime(2026, 2, 3, tzinfo=timezone.utc), datetime(2026, 2, 3, 8, tzinfo=timezone.utc)],
        {"no_offset": 2},
    )


def test_what_is_no_date_is_counted():
    assert read(["31/02/2026", "31/01/2026", "soon", "", None, "20260101"]) == (
        [None, datetime(2026, 1, 31, tzinfo=timezone.utc), None, None, None, NEW_YEAR],
        {"bad_time": 4, "day_first": 1, "no_offset": 2},
    )


@given(st.lists(st.dates(min_value=date(1995, 1, 1), max_value=date(2060, 1, 1)), min_size=1))
def test_a_column_of_dates_is_read_as_it_was_meant_or_not_at_all(days):
    meant = [datetime(day.year, day.month, day.day, tzinfo=timezone.utc) for day in days]
    for pattern in ("%d/%m/%Y", "%m/%d/%Y"):
        found, _counted = read([day.strftime(pattern) for day in days])
        assert found == meant or found == [None] * len(days)
