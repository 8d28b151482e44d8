"""Deadlines as an iCalendar (RFC 5545): one event for each duty, in the authority's zone, with alarms, and with nothing about a person."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from amanat.lib.errors import Fixable
from amanat.terms.assessment import Assessment

Standing = Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]
# Before a day, and before the last two hours: time to finish a form, and time to file an incomplete one.
ALARMS = (timedelta(hours=24), timedelta(hours=2))


class NotACalendar(Fixable):
    """A file that is no iCalendar."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One deadline in a calendar. `uid` never changes; `sequence` rises with every change of date or standing."""

    uid: str
    due_at: datetime
    standing: Standing  # TENTATIVE while it is not settled whether the duty is due: its clock runs all the same
    zone: str = "UTC"  # IANA name of the authority's zone
    summary: str = ""
    description: str = ""
    url: str = ""
    is_done: bool = False  # stays in the calendar, and rings no more
    sequence: int = 0
    changed_at: datetime | None = None

    def as_row(self) -> dict[str, Any]:
        """The entry as a row of JSON."""
        return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in asdict(self).items()}


def name_of(case: Path) -> str:
    """A name for a case folder that stays the same and says nothing: what a folder is called may name somebody."""
    return hashlib.sha256(case.resolve().name.encode()).hexdigest()[:12]


def entries_of(assessment: Assessment, *, case: str) -> list[Entry]:
    """The deadlines of an assessment that have an instant: those due, and those not settled yet of laws that reach us.

    Args:
        case: a name of the incident that stays the same and names nobody; the UIDs are made of it.
    """
    standings: dict[str, Standing] = {"due": "CONFIRMED", "undetermined": "TENTATIVE"}
    return [
        Entry(
            uid=uid_of(duty.id, case),
            due_at=duty.due_at,
            standing=standings[duty.state],
            zone=duty.zone,
            summary=f"{duty.who} ({duty.cite})",
            description=f"{duty.id}: {duty.limit}\n“{duty.says}”\n{duty.cite}, {duty.source}",
            url=duty.portal or duty.source,
        )
        for duty in assessment.duties
        if duty.state in standings and duty.due_at is not None and duty.reach is True
    ]


def uid_of(duty_id: str, case: str) -> str:
    """The same for the same duty of the same incident, in every feed and file."""
    return f"{duty_id}.{case}@amanat"


def follow(wanted: Iterable[Entry], before: Mapping[str, Entry], *, now: datetime) -> list[Entry]:
    """The entries as they follow those that were published before.

    What has moved or changed its standing gets the next SEQUENCE; what is not wanted any more stays, as CANCELLED, so that calendars that
    have it take it off.
    """
    found = []
    by_uid = {entry.uid: entry for entry in wanted}
    for uid, entry in by_uid.items():
        was = before.get(uid)
        if was is None:
            found.append(replace(entry, sequence=0, changed_at=now))
        elif (was.due_at, was.standing, was.is_done) == (entry.due_at, entry.standing, entry.is_done):
            found.append(replace(entry, sequence=was.sequence, changed_at=was.changed_at))
        else:
            found.append(replace(entry, sequence=was.sequence + 1, changed_at=now))
    for uid, was in before.items():
        if uid not in by_uid:
            is_new = was.standing != "CANCELLED"
            found.append(replace(was, standing="CANCELLED", sequence=was.sequence + is_new, changed_at=now if is_new else was.changed_at))
    return sorted(found, key=lambda entry: (entry.due_at, entry.uid))


def as_ics(entries: Iterable[Entry], *, name: str, now: datetime) -> bytes:
    """The entries as the bytes of an .ics file, with the time zones that they need."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//amanat//deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(minutes=15), {"VALUE": "DURATION"})
    years = {now.year}
    for entry in entries:
        calendar.add_component(_event(entry, now))
        years.add(entry.due_at.year)
    # Without bounds each zone would come with its changes of clocks since 1970.
    calendar.add_missing_timezones(first_date=date(min(years) - 1, 1, 1), last_date=date(max(years) + 2, 1, 1))
    return bytes(calendar.to_ical())


def _event(entry: Entry, now: datetime):  # type: ignore[no-untyped-def]
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", entry.uid)
    changed_at = (entry.changed_at or now).astimezone(timezone.utc)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", entry.sequence)
    # Without an end the event ends where it begins: at the deadline itself.
    event.add("dtstart", entry.due_at.astimezone(ZoneInfo(entry.zone)))
    event.add("summary", entry.summary)
    if entry.description:
        event.add("description", entry.description)
    if entry.url:
        event.add("url", entry.url)
    event.add("status", entry.standing)
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    if entry.standing != "CANCELLED" and not entry.is_done:
        for before in ALARMS:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", entry.summary)
            alarm.add("trigger", -before)
            event.add_component(alarm)
    return event


def read_ics(content: bytes, *, where: str) -> dict[str, Entry]:
    """The entries of a calendar that `as_ics` wrote, by UID; raises NotACalendar."""
    from icalendar import Calendar

    try:
        events = Calendar.from_ical(content).walk("VEVENT")
        return {str(event["uid"]): _entry(event) for event in events}
    except (ValueError, KeyError, AttributeError, IndexError) as error:
        raise NotACalendar(
            f"{where}: cannot be read as a calendar ({type(error).__name__}); give the .ics that this command wrote, or none"
        ) from None


def _entry(event):  # type: ignore[no-untyped-def]
    start = event.decoded("dtstart")
    return Entry(
        uid=str(event["uid"]),
        due_at=start,
        standing=str(event.get("status", "CONFIRMED")),  # type: ignore[arg-type]
        zone=str(start.tzinfo) if isinstance(start.tzinfo, ZoneInfo) else "UTC",
        summary=str(event.get("summary", "")),
        description=str(event.get("description", "")),
        url=str(event.get("url", "")),
        # Whoever is done is not rung for any more.
        is_done=event.get("status") != "CANCELLED" and not event.walk("VALARM"),
        sequence=int(event.get("sequence", 0)),
        changed_at=event.decoded("last-modified"),
    )
