"""One language as its file says it: strict reading, and sentences in ICU MessageFormat.

`<tag>.toml` holds what every letter needs. A folder `<tag>/` beside it holds the rest, one subject per file: what other
audiences read, the kinds of incident, the easy-read form, and what the honesty gate looks for (`gate.toml`). Its tables are
joined to those of the file.

MessageFormat knows each language's plurals, digits and calendar: `{n, plural, one {# person} other {# people}}`.
Persian dates follow the Jalali calendar because the file names the locale `fa@calendar=persian` with a pattern of its own;
the default order of that calendar reads wrongly.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
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
# What stands behind the tag of a language's easy-read form (BCP 47, private use): "fr-x-easy".
EASY = "-x-easy"


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
    model: str = ""  # a sentence that can stand as it is in place of the one objected to; empty where only a person can find the words
    is_added: bool = False  # it stands behind that sentence, not in its place
    patterns: tuple[str, ...] = ()  # regular expressions; small and capital letters are alike, and <name> is a family of words
    unless: tuple[str, ...] = ()  # a sentence that holds one of these is left alone
    hints: tuple[str, ...] = ()  # what shows in the text itself that the rule applies
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
    family: dict[str, str]  # what the family of a person who has died reads instead
    kinds: dict[str, KindWords]
    gate: dict[str, GateWords]
    families: dict[str, str] = field(default_factory=dict)  # words that mean much the same to the gate; a pattern says <name>
    outside: dict[str, str] = field(default_factory=dict)  # what several audiences share that are not the affected person
    audiences: dict[str, dict[str, str]] = field(default_factory=dict)  # what one audience alone reads
    incidents: dict[str, dict[str, str]] = field(default_factory=dict)  # what belongs to one kind of incident
    outlets: dict[str, str] = field(default_factory=dict)  # what stands around a statement to everybody (notify/outlets)
    easy: dict[str, dict[str, Any]] = field(default_factory=dict)  # the same tables again, in easy language, where it differs
    is_easy: bool = False  # these are the easy words

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
    """The words of a language, "fr-x-easy" for its easy-read form; raises UnknownLanguage and BadWording."""
    paths = SET.paths()
    tag, mark, _ = language.partition(EASY)
    if tag not in paths:
        raise UnknownLanguage(f"there are no words in {language!r}{did_you_mean(language, paths) or '.'} We have: {', '.join(paths)}.")
    if not mark:
        return _read(paths[tag])
    if not _read(paths[tag]).easy:
        raise UnknownLanguage(f"there are no easy words in {tag!r}; write {paths[tag].parent / tag / 'easy.toml'}")
    return _easy(paths[tag])


@cache
def _read(path: Path) -> Words:
    table = read_toml(path)
    gate = path.parent / path.stem / "gate.toml"  # long enough to have a file of its own; short ones may stand with the rest
    if gate.exists():
        _join(table, read_toml(gate), gate)
    for part, keys in _wanted().items():
        given = set(table.get(part, {}))
        for key in sorted(keys - given):
            raise BadWording(f"{path}: [{part}] lacks {key!r}; `_template.toml` beside it says what it means")
        for key in sorted(given - keys):
            raise BadWording(f"{line_of(path, key)}: [{part}] has {key!r}, which nobody reads{did_you_mean(key, keys)}")
    for more in sorted((path.parent / path.stem).glob("*.toml")):
        if more != gate:
            _join(table, read_toml(more), more)
    made = _with_families(build(Words, table, where=path), path)
    if made.language.tag != path.stem:
        raise BadWording(f"{line_of(path, 'tag')}: the tag is {made.language.tag!r} and the file is {path.name!r}; call both the same")
    _check_messages(made, path)
    return made


_FAMILY = re.compile(r"(?<!\(\?)(?<!\(\?P)<(\w+)>")


def _with_families(made: Words, path: Path) -> Words:
    """The words with every <family> written out in the gate's patterns; a family may name others."""

    def spelt(pattern: str, depth: int = 0) -> str:
        def family(found: re.Match[str]) -> str:
            if found[1] not in made.families or depth > 5:
                says = f"{line_of(path.parent / path.stem / 'gate.toml', found[0])}: there is no family of words {found[1]!r}"
                raise BadWording(f"{says}{did_you_mean(found[1], made.families) or ', or it names itself'}")
            return f"(?:{spelt(made.families[found[1]], depth + 1)})"

        return _FAMILY.sub(family, pattern)

    def all_spelt(patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(spelt(pattern) for pattern in patterns)

    rules = {
        name: replace(rule, patterns=all_spelt(rule.patterns), unless=all_spelt(rule.unless), hints=all_spelt(rule.hints))
        for name, rule in made.gate.items()
    }
    return replace(made, gate=rules, families={name: spelt(family) for name, family in made.families.items()})


def _join(table: dict[str, Any], more: Mapping[str, Any], path: Path) -> None:
    """Puts the tables of a further file of the language to those that are there; nothing is said twice."""
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(table.setdefault(key, {}), dict):
            _join(table[key], value, path)
        elif key in table:
            raise BadWording(f"{line_of(path, key)}: {key!r} is there already in another file of this language; keep one of them")
        else:
            table[key] = value


@cache
def _easy(path: Path) -> Words:
    """The words with their easy form where there is one; raises BadWording for an easy form of nothing."""
    made = _read(path)
    changed: dict[str, Any] = {}
    for part, table in made.easy.items():
        ours = getattr(made, part, None)
        if not isinstance(ours, dict):
            raise BadWording(f"{path.parent / path.stem}: [easy.{part}] is the easy form of nothing; the tables are those of the language")
        for key in table:
            if key not in ours:
                raise BadWording(f"{path.parent / path.stem}: [easy.{part}] has {key!r}, of which there is no ordinary form{did_you_mean(key, ours)}")
        changed[part] = {key: _eased(value, table[key], f"easy.{part}.{key}", path) if key in table else value for key, value in ours.items()}
    words = replace(made, **changed, is_easy=True)
    _check_messages(words, path)
    return words


def _eased(ordinary: Any, easy: Any, at: str, path: Path) -> Any:
    if isinstance(ordinary, KindWords):
        return build(KindWords, {"name": ordinary.name, "means": ordinary.means, **easy}, where=path, at=at)
    if not isinstance(ordinary, dict):
        return easy
    if unknown := sorted(set(easy) - set(ordinary)):
        raise BadWording(
            f"{path.parent / path.stem}: [{at}] has {unknown[0]!r}, of which there is no ordinary form{did_you_mean(unknown[0], ordinary)}"
        )
    return {**ordinary, **easy}


def _check_messages(made: Words, path: Path) -> None:
    for one in fields(made):
        table = getattr(made, one.name)
        if one.name in ("language", "gate", "families", "kinds", "easy") or not isinstance(table, dict):
            continue
        for key, text in table.items():
            for inner, each in text.items() if isinstance(text, dict) else ((key, text),):
                _check_message(each, f"[{one.name}] {inner}", key, made, path)


def _check_message(text: str, at: str, key: str, made: Words, path: Path) -> None:
    from icu4py.messageformat import MessageFormat

    try:
        MessageFormat(text, made.language.locale)
    except Exception as error:
        raise BadWording(f"{line_of(path, key)}: {at} is not valid MessageFormat ({error}); look for a stray {{ or '") from None
