"""Text and HTML of a notice for one person.

A template is compiled once for each notice. Persons with the same kinds, basis, place and reader share one form of it, so that
filling it for the next person is one join: tens of thousands a second. A person's values enter only here, cleaned and escaped.
"""

from collections.abc import Collection
from datetime import date, datetime, timezone
from functools import cached_property, lru_cache
from html import escape
from typing import Any

from amanat import wording
from amanat.notify.runs import FSI, LRI, PDI, RLM, runs
from amanat.notify.select import blocks, clean, greeting_for, reader_of, sections_for, title_for
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice, braced

# What is joined: text, or the number of a value (name, code, date).
_NAME, _CODE, _DATE = 0, 1, 2
_SLOTS = {"name": _NAME, "code": _CODE}
_Parts = tuple[str | int, ...]
_WireParts = tuple[bytes | int, ...]
_MOST_FORMS = 20_000  # kinds × bases × places × readers that are kept ready


def render_text(notice: Notice, contact: Contact, kinds: Collection[str], basis: str, code: str, company: Company, *, on: date) -> str:
    """The notice as plain text for one person."""
    return TextTemplate(notice, company, on=on).fill(contact, kinds, basis, code)


def render_html(notice: Notice, contact: Contact, kinds: Collection[str], basis: str, code: str, company: Company, *, on: date) -> str:
    """The notice as an HTML message for one person."""
    return HtmlTemplate(notice, company, on=on).fill(contact, kinds, basis, code)


class _Template:
    """What text and HTML have in common: forms are made once and filled many times."""

    def __init__(self, notice: Notice, company: Company, *, on: date) -> None:
        self.notice, self.company = notice, company
        self.words = wording.words(notice.language)
        day = self.words.day(datetime(on.year, on.month, on.day, 12, tzinfo=timezone.utc), "UTC")
        self.date = self._value(self.words.say(self.words.text["date"], day=day), _DATE)
        self.form = lru_cache(maxsize=_MOST_FORMS)(self._form)
        self._wire_form = lru_cache(maxsize=_MOST_FORMS)(self._in_bytes)

    def fill(self, contact: Contact, kinds: Collection[str], basis: str, code: str) -> str:
        """The message of one person."""
        parts = self.form(frozenset(kinds), basis, contact.residence, reader_of(contact))
        values = self._values(contact, code)
        return "".join([part if isinstance(part, str) else values[part] for part in parts])

    def wire(self, contact: Contact, kinds: Collection[str], basis: str, code: str) -> bytes:
        """The same in UTF-8 with CRLF line ends, as a mail carries it; what is the same for many is encoded once."""
        parts = self._wire_form(frozenset(kinds), basis, contact.residence, reader_of(contact))
        values = [value.encode() for value in self._values(contact, code)]
        return b"".join([part if isinstance(part, bytes) else values[part] for part in parts])

    def _values(self, contact: Contact, code: str) -> tuple[str, str, str]:
        """In the order of the slots; none of them breaks a line."""
        return self._value(clean(contact.name), _NAME), self._value(code, _CODE), self.date

    def _in_bytes(self, *which: Any) -> _WireParts:
        return tuple(crlf(part) if isinstance(part, str) else part for part in self.form(*which))

    def _form(self, kinds: frozenset[str], basis: str, residence: str | None, reader: str) -> _Parts:
        raise NotImplementedError

    def _value(self, value: str, slot: int) -> str:
        raise NotImplementedError


class TextTemplate(_Template):
    """A notice compiled for plain text."""

    def _value(self, value: str, slot: int) -> str:
        if slot == _DATE:
            return value
        # A name of the other script must not turn the sentence around it.
        if slot == _NAME:
            return f"{FSI}{value}{PDI}" if self.words.language.direction == "rtl" or not value.isascii() else value
        return f"{LRI}{value}{PDI}" if self.words.language.direction == "rtl" else value

    def _form(self, kinds: frozenset[str], basis: str, residence: str | None, reader: str) -> _Parts:
        lines: list[list[str | int]] = [
            [self.company.name],
            [_DATE],
            [],
            self._line(title_for(self.notice, reader)),
            [],
            self._line(greeting_for(self.notice, reader)),
            [],
        ]
        for section in sections_for(self.notice, kinds, basis, residence, reader):
            if section.heading:
                lines += [self._line(section.heading.upper() if self._has_capitals else section.heading)]
            was_list = False
            for is_list, group in blocks(section.sentences):
                if was_list and not is_list:
                    lines.append([])
                if is_list:
                    lines += [[self._mark(section.id, n), *self._line(sentence.text)] for n, sentence in enumerate(group, 1)]
                else:
                    lines.append([part for sentence in group for part in (" ", *self._line(sentence.text))][1:])
                was_list = is_list
            lines.append([])
        lines += [self._line(line) for line in self.notice.closing.split("\n")]
        lines += [[], ["--"], self._line(f"{braced(self.company.legal_name)}, {braced(self.company.address)}")]
        start = RLM if self.words.language.direction == "rtl" else ""
        parts: list[str | int] = []
        for line in lines:
            parts += [start, *line, "\n"] if line else ["\n"]
        return _joined(parts)

    def _mark(self, section: str, n: int) -> str:
        """What stands before an item of a list; an easy text numbers what there is to do."""
        return self.words.say("{n,number}. ", n=n) if self.words.is_easy and section == "what_you_do" else "- "

    @cached_property
    def _has_capitals(self) -> bool:
        # Words in capitals are harder to read: an easy text has none.
        return self.words.language.direction == "ltr" and not self.words.is_easy

    def _line(self, text: str) -> list[str | int]:
        is_rtl = self.words.language.direction == "rtl"
        return [
            _SLOTS[run.slot] if run.slot else f"{LRI}{run.text}{PDI}" if run.is_ltr and is_rtl else run.text
            for run in runs(text, self.words.language.direction)
        ]


class HtmlTemplate(_Template):
    """A notice compiled for HTML: MJML once, Jinja2's sandbox once for each form."""

    def _value(self, value: str, slot: int) -> str:
        return escape(value)

    @cached_property
    def _compiled(self):  # type: ignore[no-untyped-def]
        from amanat.notify.email_body import compile_body

        return compile_body(self.notice, self.company, self.words)

    def _form(self, kinds: frozenset[str], basis: str, residence: str | None, reader: str) -> _Parts:
        html: str = self._compiled.render(kinds, basis, residence, reader)
        parts: list[str | int] = []
        rest = html
        while rest:
            head, mark, rest = rest.partition("\ue000")
            parts.append(head)
            if mark:
                parts.append(int(rest[0]))
                rest = rest[1:]
        return _joined(parts)


def crlf(text: str) -> bytes:
    """The text in UTF-8, its lines ended by CRLF."""
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def _joined(parts: list[str | int]) -> _Parts:
    merged: list[str | int] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)
