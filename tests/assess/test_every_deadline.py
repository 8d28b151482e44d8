"""Every clock of every law file, over each change of clocks and each end of a month where its authority is.

The judge is plain and slow. It reads the numbers out of the file itself, adds hours to seconds since 1970, counts days one by one, and finds
the last second of a day by looking, second by second in halves, when the date changes there.
"""

import calendar
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest

from amanat.assess.clock import due_at, zone_of
from amanat.assess.law import Clock
from amanat.assess.statute_book import LAWS, read_law
from amanat.terms.places import GROUPS

UTC = timezone.utc
UNITS = ("within_hours", "within_days", "within_working_days", "within_months")


def clocks_of(path: Path) -> Iterator[tuple[Clock, Any, dict[str, Any], str, str]]:
    """The clock and the limit as loaded; the same two as written, one over the other; the calendar; the duty."""
    written, loaded = tomllib.loads(path.read_text(encoding="utf-8")), read_law(path).law
    for duty, rule in zip(written["duty"], loaded.duty, strict=True):
        for version, made in zip(duty["version"], rule.version, strict=True):
            deadline = version.get("deadline", {})
            rows = [(made.deadline, made.deadline, deadline)]
            rows += [(made.deadline, other, {**without_number(deadline), **row}) for other, row in both(made.deadline.instead, deadline, "instead")]
            rows += [(clock, clock, row) for clock, row in both(made.deadline.or_earlier, deadline, "or_earlier")]
            for clock, limit, row in rows:
                if any(unit in row for unit in UNITS) and "at" not in row:
                    yield clock, limit, row, deadline.get("calendar", ""), duty["id"]


def both(made: Any, deadline: dict[str, Any], key: str) -> list[tuple[Any, dict[str, Any]]]:
    return list(zip(made, deadline.get(key, []), strict=True))


def without_number(deadline: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in deadline.items() if key not in UNITS}


@cache
def moments_of(zone: str) -> tuple[datetime, ...]:
    """Just before, at and after each change of clocks of three years, and the evening and the night of each end of a month."""
    place, found = ZoneInfo(zone), []
    hour = datetime(2026, 1, 1, tzinfo=UTC)
    while hour < datetime(2029, 1, 1, tzinfo=UTC):
        if hour.astimezone(place).utcoffset() != (hour + timedelta(hours=1)).astimezone(place).utcoffset():
            found += [hour + timedelta(hours=h, seconds=s) for h in (-72, -30, -24, 0, 1, 2) for s in (-1, 0, 1)]
        hour += timedelta(hours=1)
    for year in (2026, 2027, 2028):
        for month in range(1, 13):
            last = date(year, month, calendar.monthrange(year, month)[1])
            evening = datetime(last.year, last.month, last.day, 21, 30, tzinfo=place).astimezone(UTC)
            found += [evening, evening + timedelta(hours=4)]
    return tuple(found)


@cache
def last_second_of(day: date, zone: str) -> datetime:
    place = ZoneInfo(zone)
    low, high = (int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + days * 86400 for days in (-1, 3))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if datetime.fromtimestamp(middle, place).date() <= day else (low, middle)
    return datetime.fromtimestamp(low, UTC)


@cache
def is_working_day(day: date, of: str) -> bool:
    if not of:
        return day.weekday() < 5
    country, _, part = of.partition("-")
    known = holidays.financial_holidays(country) if country == "ECB" else holidays.country_holidays(country, subdiv=part or None)
    return day not in known and day.weekday() not in known.weekend


def judged(event: datetime, row: dict[str, Any], of: str, zone: str) -> datetime:
    if "within_hours" in row:
        return datetime.fromtimestamp(event.timestamp() + 3600 * row["within_hours"], UTC)
    day = event.astimezone(ZoneInfo(zone)).date()
    if row.get("start") == "year_end":
        while (day + timedelta(days=1)).year == day.year:
            day += timedelta(days=1)
    if "within_months" in row:
        month = day.month + row["within_months"]
        year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
        return last_second_of(date(year, month, min(day.day, calendar.monthrange(year, month)[1])), zone)
    left = row.get("within_days", row.get("within_working_days"))
    if row.get("start") == "same_day" and ("within_days" in row or is_working_day(day, of)):
        left -= 1  # the day of the event is itself the first
    while left:
        day += timedelta(days=1)
        left -= "within_days" in row or is_working_day(day, of)
    return last_second_of(day, zone)


def zones_of(law: dict[str, Any], of: str) -> list[tuple[str, str]]:
    """(zone, calendar): that of the authority; or of every place where it may be, if it is that of our establishment."""
    if not law["authority"].get("is_of_establishment"):
        return [(law["authority"]["zone"], of if of != "main_establishment" else "")]
    places = sorted({member for place in law["places"] for member in GROUPS.get(place, {place})})
    return [(zone_of(place.partition("-")[0]) or law["authority"]["zone"], place if of == "main_establishment" else of) for place in places]


@pytest.mark.parametrize("stem", [stem for stem, path in LAWS.paths().items() if list(clocks_of(path))])
def test_each_clock_ends_when_somebody_who_counts_it_out_says(stem: str):
    path = LAWS.paths()[stem]
    law = tomllib.loads(path.read_text(encoding="utf-8"))
    rows = {repr((limit, row, of)): (clock, limit, row, of, duty) for clock, limit, row, of, duty in clocks_of(path)}
    for clock, limit, row, written_calendar, duty in rows.values():
        for zone, of in zones_of(law, written_calendar):
            for event in moments_of(zone):
                due = due_at(event, limit, zone=ZoneInfo(zone), calendar=of, clock=clock)
                assert due is not None
                assert due.astimezone(UTC) == judged(event, row, of, zone), (duty, zone, event, row)


def test_at_least_270_clocks_are_counted_out():
    assert sum(1 for path in LAWS.paths().values() for _ in clocks_of(path)) >= 270
