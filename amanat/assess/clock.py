"""Clocks of the law: hours are added in UTC, days end at 23:59:59 where the authority is, months clip to their last day.

>>> from datetime import datetime
>>> in_paris = ZoneInfo("Europe/Paris")
>>> due_at(datetime(2026, 3, 27, 18, tzinfo=in_paris), Limit(within_hours=72), zone=in_paris).isoformat()
'2026-03-30T19:00:00+02:00'
"""

from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo

from amanat.assess.law import Clock, Limit
from amanat.lib.errors import Fixable
from amanat.lib.moment import zone_of as zone_of


class UnknownCalendar(Fixable):
    """A calendar of holidays that nobody publishes."""


def due_at(event: datetime, limit: Limit, *, zone: ZoneInfo, calendar: str = "", clock: Clock | None = None) -> datetime | None:
    """The last instant at which the duty is done in time; None when the limit has no number.

    `clock` says where counting begins, when it is not on the day after the event.
    """
    if clock is not None and clock.at:
        return event.astimezone(zone)
    if limit.within_hours is not None:
        # Real hours: adding to the local clock would be an hour off across a change of clocks.
        return (event.astimezone(timezone.utc) + timedelta(hours=limit.within_hours)).astimezone(zone)
    day = event.astimezone(zone).date()  # the day of the event itself is not counted
    if clock is not None and clock.start:
        day = day - timedelta(days=1) if clock.start == "same_day" else date(day.year, 12, 31)
    if limit.within_days is not None:
        return end_of(day + timedelta(days=limit.within_days), zone)
    if limit.within_working_days is not None:
        return end_of(add_working_days(day, limit.within_working_days, calendar), zone)
    if limit.within_months is not None:
        return end_of(add_months(day, limit.within_months), zone)
    return None


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a day."""
    # Where the clocks go back at midnight (Egypt, Chile), the hour before it comes twice; the day ends with the second one.
    return datetime.combine(day, time(23, 59, 59, fold=1), zone)


def is_same_moment(one: datetime | None, other: datetime | None) -> bool:
    """Whether both are the same instant, or both missing."""
    # `==` of two zones is never true for an hour that comes twice (PEP 495).
    return one is other if one is None or other is None else one.timestamp() == other.timestamp()


def add_months(day: date, n: int) -> date:
    """The same day n months on, or the last day of that month.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2028, 1, 31), 1)
    (datetime.date(2026, 2, 28), datetime.date(2028, 2, 29))
    """
    years, month = divmod(day.month - 1 + n, 12)
    first = date(day.year + years, month + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - timedelta(days=1)).day))


def add_working_days(day: date, n: int, calendar: str) -> date:
    """The n-th working day after `day`.

    >>> add_working_days(date(2026, 11, 19), 3, "BR")  # 20 November is a holiday in Brazil
    datetime.date(2026, 11, 25)
    """
    for _ in range(n):
        day = next_working_day(day + timedelta(days=1), calendar)
    return day


def noon_of(day: date, zone: ZoneInfo) -> datetime:
    """Noon of a day."""
    return datetime.combine(day, time(12), zone)


def next_working_day(day: date, calendar: str) -> date:
    """The day itself if it is a working day, else the first one after it."""
    while not _holidays(calendar).is_working_day(day):
        day += timedelta(days=1)
    return day


def check_calendar(calendar: str) -> None:
    """Raises UnknownCalendar for a calendar that nobody publishes."""
    _holidays(calendar)


@cache
def _holidays(calendar: str):  # type: ignore[no-untyped-def]
    import holidays

    if not calendar:
        return holidays.HolidayBase()  # weekends alone
    country, _, part = calendar.partition("-")
    try:
        return holidays.financial_holidays(country) if country in ("ECB", "NYSE") else holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError:
        raise UnknownCalendar(f"there is no calendar of holidays {calendar!r}; use an ISO country or state such as BR or US-NY, or ECB") from None
