"""Samples: a notice as persons of the real list will see it, told by what the text depends on and under an invented name."""

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from amanat import wording
from amanat.lib.private import Private
from amanat.notify.previews import CODE
from amanat.notify.render import HtmlTemplate, TextTemplate
from amanat.notify.select import LetterPerson
from amanat.notify.sms import Size, short_text, size_of
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice

# What a thief can do most harm with comes first.
_HARM = {"money": 3, "health": 3, "credentials": 2, "identity": 1, "life": 1}


@dataclass(frozen=True, slots=True, order=True)
class Sample:
    """All that a message depends on, without the person: kinds of data, how we know of them, place, and who opens it."""

    kinds: tuple[str, ...]  # sorted
    basis: str
    residence: str
    reader: str  # one of terms.notice.READERS


def choose_samples(counted: Iterable[tuple[Sample, int]]) -> list[tuple[str, Sample, int]]:
    """At most three of a list, each with the reason and how many persons read the same: "most_harm", "most_common", "another_reader".

    The third is somebody in whose place another opens the message (a parent, a family), else whoever has the fewest kinds.
    """
    left = sorted(counted, key=lambda pair: (-pair[1], pair[0]))
    if not left:
        return []
    chosen = []

    def take(why: str, pair: tuple[Sample, int]) -> None:
        left.remove(pair)
        chosen.append((why, *pair))

    take("most_harm", max(left, key=lambda pair: (_harm(pair[0].kinds), len(pair[0].kinds), pair[1])))
    if left:
        take("most_common", left[0])
    others = [pair for pair in left if pair[0].reader != "self"]
    if others:
        take("another_reader", min(others, key=lambda pair: _READERS.index(pair[0].reader)))
    elif left:
        take("fewest_kinds", min(left, key=lambda pair: (len(pair[0].kinds), -pair[1])))
    return chosen


def sample_text(notice: Notice, sample: Sample, company: Company, *, on: date) -> str:
    """The message of a sample as plain text."""
    person = _person(notice, sample)
    return TextTemplate(notice, company, on=on).fill(person.contact, person.kinds, person.basis, person.code)


def sample_sms(notice: Notice, sample: Sample, company: Company) -> tuple[str, Size]:
    """The text message that a sample gets, and how many segments of it are paid for."""
    text = short_text(notice, company, CODE, sample.residence or None)
    return text, size_of(text)


def sample_html(notice: Notice, sample: Sample, company: Company, *, on: date) -> str:
    """The message of a sample as the mail shows it."""
    person = _person(notice, sample)
    return HtmlTemplate(notice, company, on=on).fill(person.contact, person.kinds, person.basis, person.code)


def sample_letter(notice: Notice, sample: Sample, company: Company, *, on: date) -> bytes:
    """The letter of a sample as PDF."""
    from amanat.notify.letter import render_letters

    with tempfile.TemporaryDirectory() as folder:
        [path] = render_letters(notice, [_person(notice, sample)], company, Path(folder), on=on)
        return path.read_bytes()


# Of those who open a message for another, the parent first.
_READERS = ("guardian", "family", "nameless")


def _harm(kinds: Iterable[str]) -> int:
    from amanat.terms.kinds import KINDS

    # A name alone harms nobody; it stands in the family "identity".
    return sum(_HARM.get(KINDS[kind].family, 0) for kind in kinds if kind in KINDS and kind != "name")


def _person(notice: Notice, sample: Sample) -> LetterPerson:
    words = wording.words(notice.language)
    names = [name.strip() for name in words.text["sample_names"].split(";")]
    contact = Contact(
        person_id="sample",
        name=None if sample.reader == "nameless" else Private("name", names[0]),
        emails=(Private("email", "sample@example.org"),),
        phones=(),
        address=Private("address", words.text["sample_address"]),
        residence=sample.residence or None,
        language=notice.language,
        minor=sample.reader == "guardian",
        deceased=sample.reader == "family",
        needs=None,
    )
    return LetterPerson(contact=contact, kinds=frozenset(sample.kinds), basis=sample.basis, code=CODE)
