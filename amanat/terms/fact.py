"""Facts: what people know about an incident, each with its status, since when, and from where."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.shape import build, line_of, read_toml
from amanat.terms.kinds import KINDS
from amanat.terms.places import PLACES

Status = Literal["known", "believed", "unknown"]
# Of a moment or a day. A slip of the keyboard such as the year 20226 must not stop every clock.
YEARS = range(1900, 2201)

Type = Literal["bool", "int", "decimal", "text", "statement", "choice", "list", "moment", "day", "counts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactType:
    """What a fact is about, from `facts.toml` beside this file."""

    name: str
    type: Type  # "statement" is text per language, "counts" maps a place to a number of persons
    says: str  # the question it answers
    choices: tuple[str, ...] = ()  # for "choice", from least to most: they compare in this order; for "list", what it may hold
    family: str = ""  # for moments: one date per family is enough, the finer members default to it
    like: str = ""  # for moments: the member that others of the family default to
    of: Literal["", "place", "kind"] = ""  # for texts, lists and counts: each must be a place of residence, or a kind of data


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing known, believed or not known."""

    name: str
    value: Any  # None when the status is "unknown"
    status: Status
    since: datetime | None = None  # when it became known
    source: str = ""
    earlier: tuple["Fact", ...] = ()  # what counted before, so that a past moment can be seen again


class UnknownFact(Fixable):
    """A fact that nobody asks for: most often a typing mistake."""


class BadFact(Fixable):
    """A fact whose value does not fit its type."""


@cache
def fact_types() -> dict[str, FactType]:
    """Every fact that amanat understands, by name."""
    path = Path(__file__).parent / "facts.toml"
    return {name: build(FactType, {"name": name, **entry}, where=path, at=name) for name, entry in read_toml(path).items()}


@dataclass(frozen=True, slots=True)
class _Row:
    value: Any = None
    status: Status = "known"
    since: datetime | None = None
    source: str = ""
    earlier: tuple["_Row", ...] = ()


def read_facts(path: Path) -> dict[str, Fact]:
    """The facts of a `facts.toml`; raises UnknownFact, BadFact and the errors of `lib.shape` with file and line."""
    types = fact_types()
    facts = {}
    for name, table in read_toml(path).items():
        if name not in types:
            raise UnknownFact(
                f"{line_of(path, name)}: there is no fact {name!r}{did_you_mean(name, types) or '.'} `amanat assess facts` lists them all."
            )
        if not isinstance(table, dict) or (types[name].type in ("statement", "counts") and "value" not in table and "status" not in table):
            table = {"value": table}
        facts[name] = _fact(types[name], build(_Row, table, where=path, at=name), path)
    return facts


def _fact(what: FactType, row: _Row, path: Path) -> Fact:
    name = what.name

    def wrong(says: str) -> BadFact:
        return BadFact(f"{line_of(path, name)}: {name}{says}")

    if row.status == "unknown" and row.value is not None:
        raise wrong(" is 'unknown' and has a value; take the value out, or say 'believed'")
    if row.status != "unknown":
        check_value(what, row.value, path)
    if row.earlier and (row.since is None or any(one.since is None for one in row.earlier[:-1]) or any(one.earlier for one in row.earlier)):
        raise wrong(" had earlier values: each, and the one that counts now, needs `since`; only the oldest can do without")
    known_at = [one.since for one in (row, *row.earlier) if one.since is not None]
    if any(moment.tzinfo is None for moment in known_at):
        raise wrong(": `since` needs its offset from UTC, such as 2026-03-06T18:00:00+01:00")
    if known_at != sorted(known_at, reverse=True):
        raise wrong(": the earlier values stand from the newest to the oldest, each with the `since` at which it became known")
    earlier = tuple(_fact(what, one, path) for one in row.earlier)
    return Fact(name=name, value=row.value, status=row.status, since=row.since, source=row.source, earlier=earlier)


def facts_as_of(facts: Mapping[str, Fact], moment: datetime) -> tuple[dict[str, Fact], tuple[str, ...]]:
    """The facts as they were known at a past moment, and what had to be assumed about those without `since`.

    A fact that became known later gives way to what was known before it, and is missing where nothing was. A fact of which nobody
    said since when it is known counts as known all along; only an event that lies after the moment cannot have been known then.
    """
    known, assumed = {}, []
    for name, fact in facts.items():
        then = next((one for one in (fact, *fact.earlier) if one.since is None or one.since <= moment), None)
        if then is None:
            continue
        if then.since is None:
            if isinstance(then.value, datetime) and then.value > moment:
                assumed.append(f"{name} lies after the moment, and nobody said since when it is known: it is left out")
                continue
            assumed.append(f"nobody said since when {name} is known: it counts as known all along")
        known[name] = then
    return known, tuple(assumed)


def facts_as_toml(facts: Mapping[str, Fact]) -> str:
    """The same as a `facts.toml`: `read_facts` gives back what went in."""
    blocks = []
    for fact in facts.values():
        lines = [f"[{fact.name}]", f'status = "{fact.status}"']
        lines += [f"value = {_toml(fact.value)}"] if fact.value is not None else []
        lines += [f"since = {_toml(fact.since)}"] if fact.since else []
        lines.append(f"source = {_toml(fact.source)}")
        lines += [f"earlier = [{', '.join(map(_inline, fact.earlier))}]"] if fact.earlier else []
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _inline(fact: Fact) -> str:
    parts = {"status": fact.status, "value": fact.value, "since": fact.since, "source": fact.source}
    return "{ " + ", ".join(f"{key} = {_toml(value)}" for key, value in parts.items() if value is not None) + " }"


def _toml(value: Any) -> str:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_toml(str(name))} = {_toml(one)}" for name, one in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    # JSON writes numbers, true and false as TOML does, and texts as well but for the one control character that it leaves bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def check_value(fact: FactType, value: Any, path: Path) -> None:
    """Raises BadFact when a value does not fit the fact's type."""
    fits = {
        "bool": lambda v: isinstance(v, bool),
        "int": lambda v: isinstance(v, int) and not isinstance(v, bool),
        "decimal": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
        "text": lambda v: isinstance(v, str),
        "statement": lambda v: isinstance(v, dict) and bool(v) and all(isinstance(t, str) for t in v.values()),
        "choice": lambda v: v in fact.choices,
        "list": lambda v: isinstance(v, list) and all(isinstance(t, str) for t in v),
        "moment": lambda v: isinstance(v, datetime) and v.tzinfo is not None and v.year in YEARS,
        "day": lambda v: isinstance(v, date) and not isinstance(v, datetime) and v.year in YEARS,
        "counts": lambda v: isinstance(v, dict) and all(isinstance(n, int) and not isinstance(n, bool) for n in v.values()),
    }
    wants = {
        "bool": "true or false",
        "int": "a whole number",
        "decimal": "a number",
        "text": "text in quotes",
        "statement": 'one text for each language, such as { en = "…", fr = "…" }',
        "choice": f"one of {', '.join(fact.choices)}",
        "list": "a list of texts",
        "moment": "a moment with its offset from UTC, such as 2026-03-06T18:00:00+01:00",
        "day": "a day, such as 2026-03-06",
        "counts": "numbers of persons by place, such as { FR = 12000 }",
    }
    if not fits[fact.type](value):
        hint = did_you_mean(value, fact.choices) if fact.type == "choice" and isinstance(value, str) else ""
        raise BadFact(f"{line_of(path, fact.name)}: {fact.name} must be {wants[fact.type]}{hint}")
    if fact.of:
        words = {"place": (PLACES, "place (ISO 3166 code such as FR or US-CA)"), "kind": (KINDS, "kind of data")}
        known, what = words[fact.of]
        for word in [value] if isinstance(value, str) else value:
            if word not in known:
                raise BadFact(f"{line_of(path, fact.name)}: {fact.name}: {word!r} is no {what}{did_you_mean(word, known)}")
    if fact.type == "list" and fact.choices:
        for word in value:
            if word not in fact.choices:
                raise BadFact(
                    f"{line_of(path, fact.name)}: {fact.name} never holds {word!r}{did_you_mean(word, fact.choices) or '.'}"
                    f" It holds some of {', '.join(fact.choices)}."
                )
    if fact.type == "counts" and any(n < 0 for n in value.values()):
        raise BadFact(f"{line_of(path, fact.name)}: {fact.name}: a number of persons is never below 0")
