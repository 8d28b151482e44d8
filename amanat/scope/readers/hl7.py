"""HL7 version 2: what hospitals' systems tell each other (ADT, ORU …); a message is a record, a next of kin in it one of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amanat.scope.folded import head_of, whole_lines
from amanat.scope.reader import Context, Fields, Read, Reader
from amanat.scope.source import Source

_BEGINS = re.compile(r"\x0b?(?:(?:FHS|BHS)\|[^\r\n]*[\r\n]+)*\x0b?MSH(?P<field>[^\w\s])[^\w\s]{3,5}(?P=field)")
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{2,6})?(?:\.\d+)?(?:[+-]\d{4})?")
# What stands in fields of persons: segment, number, and how it is read.
_NAME, _DATE, _ADDRESS, _PHONE, _ID, _CODED, _PLAIN = range(7)
_FIELDS: dict[tuple[str, int], tuple[int, str]] = {
    ("PID", 2): (_ID, "medical record number"),
    ("PID", 3): (_ID, "medical record number"),
    ("PID", 4): (_ID, "medical record number"),
    ("PID", 5): (_NAME, ""),
    ("PID", 7): (_DATE, "date of birth"),
    ("PID", 8): (_PLAIN, "gender"),
    ("PID", 9): (_NAME, ""),
    ("PID", 11): (_ADDRESS, "address"),
    ("PID", 13): (_PHONE, "phone"),
    ("PID", 14): (_PHONE, "phone"),
    ("PID", 19): (_PLAIN, "ssn"),
    ("PID", 20): (_ID, "driver license number"),
    ("PID", 26): (_CODED, "citizenship"),
    ("PID", 28): (_CODED, "nationality"),
    ("NK1", 2): (_NAME, ""),
    ("NK1", 4): (_ADDRESS, "address"),
    ("NK1", 5): (_PHONE, "phone"),
    ("NK1", 6): (_PHONE, "phone"),
    ("DG1", 3): (_CODED, "diagnosis"),
    ("DG1", 4): (_PLAIN, "diagnosis"),
    ("AL1", 3): (_CODED, "allergies"),
    ("IN1", 36): (_PLAIN, "health insurance number"),
    ("IN1", 49): (_ID, "health insurance number"),
}


def looks(source: Source) -> float:
    return 0.95 if _BEGINS.match(head_of(source)) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    marks = _Marks()
    message: list[tuple[str, str]] = []
    others: list[list[tuple[str, str]]] = []
    number = 0
    for line in whole_lines(Source(_Lines(source), name=source.name, depth=source.depth), context.limits):
        line = line.strip("\x0b\x1c\x1a ")
        name = line[:3]
        if name in ("MSH", "FHS", "BHS"):
            yield from _records(message, others, number)
            message, others = [], []
            if name == "MSH":
                number += 1
                marks = _Marks.of(line)
        if not line:
            continue
        values = _segment(line, name, marks)
        if name == "NK1":
            others.append(values)
        else:
            message += values
    yield from _records(message, others, number)


class _Lines:
    """The bytes with every end of a segment as one of a line: many files part messages by LF and segments by CR."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, size: int = -1, /) -> bytes:
        return self._source.read(size).replace(b"\r", b"\n")


def _records(message: list[tuple[str, str]], others: Sequence[list[tuple[str, str]]], number: int) -> Iterator[Fields]:
    for values in (message, *others):
        if values:
            yield Fields([value for _, value in values], [label for label, _ in values], place=f"message {number}" if number else "")


@dataclass(frozen=True, slots=True)
class _Marks:
    """The signs that part a message, as its first line gives them."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    sub: str = "&"

    @classmethod
    def of(cls, line: str) -> "_Marks":
        signs = line[3:8]
        return cls(*signs) if len(signs) == 5 and not any(c.isalnum() or c.isspace() for c in signs) else cls()

    def plain(self, text: str) -> str:
        """Without escapes: `\\F\\` stands for the sign between fields, and so on."""
        if self.escape in text:
            for letter, sign in zip("FSTRE", (self.field, self.component, self.sub, self.repetition, self.escape), strict=True):
                text = text.replace(f"{self.escape}{letter}{self.escape}", sign)
            text = text.replace(f"{self.escape}.br{self.escape}", "\n")
        return " ".join(text.replace(self.sub, " ").split(" ")).strip()


def _segment(line: str, name: str, marks: _Marks) -> list[tuple[str, str]]:
    """Labels and values of a segment; what is in no field of ours stands together under the segment's name."""
    fields = line.split(marks.field)
    found: list[tuple[str, str]] = []
    rest: list[str] = []
    # The sign behind MSH is itself the first field.
    for number, text in enumerate(fields[2:] if name in ("MSH", "FHS", "BHS") else fields[1:], start=1):
        if not text or text == '""':
            continue
        known = _FIELDS.get((name, number))
        for one in text.split(marks.repetition):
            parts = [marks.plain(part) for part in one.split(marks.component)]
            if known is None:
                rest += [part for part in parts if part]
            else:
                found += _known(*known, parts)
    if rest:
        found.append((name if name.isalnum() else "segment", " ".join(rest)))
    return found


def _known(form: int, label: str, parts: Sequence[str]) -> list[tuple[str, str]]:
    first = parts[0]
    if form == _NAME:
        given = " ".join(part for part in parts[1:3] if part)
        return [(name, value) for name, value in (("family name", first), ("given name", given)) if value]
    if form == _DATE:
        day = _DAY.fullmatch(first)
        return [(label, f"{day[1]}-{day[2]}-{day[3]}" if day else first)]
    if form == _ADDRESS:
        # Street, other, town, region, postcode, country; what follows says of which kind the address is.
        street, other, town, region, postcode, country = (*parts[:6], *[""] * 6)[:6]
        lines = (street, other, " ".join(part for part in (postcode, town, region) if part), country)
        return [(label, ", ".join(part for part in lines if part))] if any(lines) else []
    if form == _PHONE:
        email = next((part for part in parts if "@" in part), "")
        phone = first or (parts[11] if len(parts) > 11 else "")
        return [(name, value) for name, value in ((label, phone if phone != email else ""), ("email", email)) if value]
    if form == _CODED:
        return [(name, value) for name, value in ((f"{label} code", first), (label, parts[1] if len(parts) > 1 else "")) if value]
    return [(label, first if form == _ID else " ".join(part for part in parts if part))] if first else []


def examples() -> Sequence[bytes]:
    return (
        b"MSH|^~\\&|ADT|HDQ|LAB|HDQ|20261102081500||ADT^A01|1|P|2.5\rEVN|A01|20261102\r"
        b"PID|1||4711^^^HDQ^MR||AHMADI^SARA||19850312|F|||12 rue des Lilas^^Paris^^75001^FR||+33199001234^PRN^PH^sara@example.org\r"
        b"NK1|1|AHMADI^OMID|HUS||+33199005678\rDG1|1||E11.9^type 2 diabetes^I10\r\n"
        b"MSH|^~\\&|ADT|HDQ|LAB|HDQ|20261102081600||ADT^A01|2|P|2.5\rPID|1||4712||PETIT^MARC||19700701\r\n",
    )


def not_examples() -> Sequence[bytes]:
    return (b"MSH is an abbreviation\n", b"PID|1||4711\n", b"MSH|PID|x\n")


READER = Reader(
    says="messages between hospitals' systems (HL7 version 2)",
    looks=looks,
    read=read,
    suffixes=(".hl7", ".adt"),
    source="https://www.hl7.org/implement/standards/product_brief.cfm?product_id=185",
    examples=examples,
    not_examples=not_examples,
)
