"""Calendars (iCalendar): an event, task, note or free-busy answer is a record, with those who take part."""

import base64
import binascii
from collections.abc import Iterator, Sequence

from amanat.scope.folded import Property, head_of, properties
from amanat.scope.reader import Context, Fields, Inner, Read, Reader
from amanat.scope.source import Source

_RECORDS = {"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VCALENDAR"}
_LEFT_OUT = {"VERSION", "PRODID", "CALSCALE", "METHOD", "DTSTAMP", "SEQUENCE", "TRANSP"}


def looks(source: Source) -> float:
    return 0.95 if head_of(source)[:15].upper() == "BEGIN:VCALENDAR" else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    labels: list[str] = []
    values: list[str] = []
    zones = 0  # rules of time zones hold nothing about persons
    for one in properties(source, context.limits):
        word = one.value.strip().upper()
        if one.name in ("BEGIN", "END"):
            if word == "VTIMEZONE":
                zones = one.name == "BEGIN"
            elif word in _RECORDS and values:
                yield Fields(values, labels)
                labels, values = [], []
        elif one.is_base64:
            if one.name == "ATTACH":
                yield from _attached(one, source.depth, context)
        elif not zones and one.name not in _LEFT_OUT and (text := _read_out(one)):
            labels.append(one.name.lower())
            values.append(text)
    if values:
        yield Fields(values, labels)


def _attached(one: Property, depth: int, context: Context) -> Iterator[Read]:
    try:
        content = base64.b64decode(one.value)
    except (binascii.Error, ValueError):
        return
    context.budget.entry()
    context.budget.expand(len(content))
    name = one.parameter("X-FILENAME") or one.parameter("FILENAME") or "attachment"
    yield Inner(name, Source.of_bytes(content, name=name, depth=depth + 1))


def _read_out(one: Property) -> str:
    text = one.text.strip()
    if text[:7].lower() == "mailto:":
        text = text[7:]
        if name := one.parameter("CN"):
            text = f"{name} <{text}>"
    return text


def examples() -> Sequence[bytes]:
    return (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Paris\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nSUMMARY:Dinner\\, room 12\r\n"
        b'ATTENDEE;CN="Sara Example";RSVP=TRUE:mailto:sara@exam\r\n ple.org\r\nDTSTART:20260306T180000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
    )


def not_examples() -> Sequence[bytes]:
    return (b"BEGIN:VCARD\r\nFN:Sara\r\nEND:VCARD\r\n",)


READER = Reader(
    says="calendar (iCalendar)",
    looks=looks,
    read=read,
    suffixes=(".ics", ".ical", ".ifb"),
    source="https://www.rfc-editor.org/rfc/rfc5545",
    examples=examples,
    not_examples=not_examples,
)
