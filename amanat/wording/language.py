"""One language as its file says it: strict reading, and sentences in ICU MessageFormat.

MessageFormat knows each language's plurals, digits and calendar: `{n, plural, one {# person} other {# people}}`.
Persian dates follow the Jalali calendar because the file names the locale `fa@calendar=persian` with a pattern of its own;
the default order of that calendar reads wrongly.
"""

import re
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, line_of, read_toml

SET = OpenSet("wording", suffix=".toml")
TEMPLATE = Path(__file__).parent / "_template.toml"


class UnknownLanguage(Fixable):
    """A language for which there is no file in `wording/`."""


class BadWording(Fixable):
    """A key of a language's file is missing, unknown, or its sentence is not valid MessageFormat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How a language is set: direction, digits, calendar, lists."""

    tag: str  # BCP 47
    name: str  # in the language itself
    direction: Literal["ltr", "rtl"]
    locale: str  # ICU locale, with its calendar
    day: str  # ICU date pattern
    moment: str
    comma: str  # between the members of a list
    last_comma: str  # before its last member
    semicolon: str  # between members that hold commas
    list_style: str  # CSS list-style-type of numbered lists
    first_of_month: str = ""  # what stands for "1" on the first day of a month, where that is said differently


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWords:
    """What a kind of data is called, and what it is in plain words."""

    name: str
    means: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GateWords:
    """What one rule of the honesty gate looks for in this language, and its proof."""

    says: str
    rewrite: str
    patterns: tuple[str, ...] = ()  # regular expressions; small and capital letters are alike
    unless: tuple[str, ...] = ()  # a sentence that holds one of these is left alone
    limit: float = 0
    bad: tuple[str, ...] = ()  # the rule must object to each
    good: tuple[str, ...] = ()  # and to none of these


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`wording/<language>.toml`."""

    language: Language
    headings: dict[str, str]
    text: dict[str, str]
    unknown: dict[str, str]  # fact -> "we do not know yet …"
    consequences: dict[str, str]  # family of kinds -> what may follow
    steps: dict[str, str]
    contacts: dict[str, str]  # role of an outside body -> the sentence that names it
    kinds: dict[str, KindWords]
    gate: dict[str, GateWords]

    def say(self, text: str, /, **values: Any) -> str:
        """The sentence with its values set in: numbers and moments as this language writes them."""
        from icu4py.messageformat import MessageFormat

        for name, value in values.items():
            if isinstance(value, datetime):
                assert value.tzinfo is not None, f"{name} has no offset from UTC"
        return str(MessageFormat(text, self.language.locale).format(values))

    def day(self, moment: datetime, zone: str) -> str:
        """The date as this language writes it, in the zone of the reader.

        >>> from datetime import timezone
        >>> read_words("fa").day(datetime(2026, 3, 21, 12, tzinfo=timezone.utc), "UTC")
        '۱ فروردین ۱۴۰۵'
        """
        return self._date(self.language.day, moment, zone)

    def moment(self, moment: datetime, zone: str) -> str:
        """Date and time of day, with the name of the zone's offset."""
        return self._date(self.language.moment, moment, zone)

    def _date(self, pattern: str, moment: datetime, zone: str) -> str:
        # ICU would format in the machine's own zone: we move the clock face to the reader's zone and call it UTC.
        face = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=ZoneInfo("UTC"))
        if self.language.first_of_month and face.day == 1:
            pattern = re.sub("^d ", f"'{self.language.first_of_month}' ", pattern)
        return self.say("{d,date," + pattern + "}", d=face).replace("UTC", _offset(moment, zone))

    def listed(self, items: list[str]) -> str:
        """The items as one phrase.

        >>> read_words("en").listed(["a", "b", "c"])
        'a, b and c'
        """
        if len(items) < 2:
            return "".join(items)
        return self.language.comma.join(items[:-1]) + self.language.last_comma + items[-1]


def _offset(moment: datetime, zone: str) -> str:
    minutes = int((moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return "UTC" if not minutes else f"UTC{'+' if minutes > 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


@cache
def _wanted() -> dict[str, set[str]]:
    return {name: set(table) for name, table in read_toml(TEMPLATE).items()}


def read_words(language: str) -> Words:
    """The words of a language; raises UnknownLanguage and BadWording."""
    paths = SET.paths()
    if language not in paths:
        raise UnknownLanguage(f"there are no words in {language!r}{did_you_mean(language, paths) or '.'} We have: {', '.join(paths)}.")
    return _read(paths[language])


@cache
def _read(path: Path) -> Words:
    table = read_toml(path)
    for part, keys in _wanted().items():
        given = set(table.get(part, {}))
        for key in sorted(keys - given):
            raise BadWording(f"{path}: [{part}] lacks {key!r}; `_template.toml` beside it says what it means")
        for key in sorted(given - keys):
            raise BadWording(f"{line_of(path, key)}: [{part}] has {key!r}, which nobody reads{did_you_mean(key, keys)}")
    made = build(Words, table, where=path)
    if made.language.tag != path.stem:
        raise BadWording(f"{line_of(path, 'tag')}: the tag is {made.language.tag!r} and the file is {path.name!r}; call both the same")
    _check_messages(made, path)
    return made


def _check_messages(made: Words, path: Path) -> None:
    from icu4py.messageformat import MessageFormat

    for field in fields(made):
        if field.name in ("language", "gate", "kinds"):
            continue
        for key, text in getattr(made, field.name).items():
            try:
                MessageFormat(text, made.language.locale)
            except Exception as error:
                raise BadWording(
                    f"{line_of(path, key)}: [{field.name}] {key} is not valid MessageFormat ({error}); look for a stray {{ or '"
                ) from None
