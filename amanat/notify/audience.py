"""Who reads a text, and of which kind of incident: what each file of `audiences/` and `incidents/` says.

An audience is one file: its sections in order, each with the lines that stand in it. A kind of incident is one file: the
facts it goes by, and what can be done about it. Their words stand in each language's folder, one table for each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, read_toml
from amanat.notify.advice import Step, steps
from amanat.terms.fact import Fact

AUDIENCES = OpenSet("notify/audiences", suffix=".toml")
INCIDENTS = OpenSet("notify/incidents", suffix=".toml")

# The persons of the case: their notices follow the letter groups of law, not a file of `audiences/`.
PERSONS = ("individuals", "guardian")
USUAL = "data_breach"  # the kind of incident where no fact says another


class UnknownAudience(Fixable):
    """An audience for which there is no file."""


class UnknownIncident(Fixable):
    """A kind of incident for which there is no file."""


class BadIncident(Fixable):
    """A kind of incident names a step that nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section: a heading and its lines.

    A line is the name of a piece (`outside.PIECES`), or `say:key`, `item:key` for this audience's own words (`item` in a
    list), or `incident:key` for those of the kind of incident. Of "one | other" the first that has something to say stands.
    """

    id: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """`audiences/<name>.toml`."""

    name: str
    says: str  # who reads it, and what for
    section: tuple[Part, ...]
    waives: tuple[str, ...] = ()  # rules of the honesty gate that are not about this reader
    duties_to: str = ""  # the text serves the duties of law to this addressee (`terms.assessment.To`)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """`incidents/<name>.toml`."""

    name: str
    says: str
    incident_kinds: tuple[str, ...]  # values of the fact `incident_kind` that are told as this one
    is_about_data: bool  # whether readers will ask what became of their data, even where nobody knows of any
    stops_a_service: bool = False  # a service fails; data may, or may not, be affected too
    first: tuple[str, ...] = ()  # steps that protect most, in this order: its own, and those of steps.toml for everybody
    step: tuple[Step, ...] = ()  # its own steps; their words are `step_<id>`


def audiences() -> dict[str, Audience]:
    """Every audience besides the persons themselves, by name."""
    return {name: _audience(name, path) for name, path in AUDIENCES.paths().items()}


def audience_named(name: str) -> Audience:
    """The audience; raises UnknownAudience."""
    known = audiences()
    if name not in known:
        every = (*PERSONS, *known)
        raise UnknownAudience(f"there is no audience {name!r}{did_you_mean(name, every) or '.'} We write for: {', '.join(every)}.")
    return known[name]


def incidents() -> dict[str, Incident]:
    """Every kind of incident that has words of its own, by name."""
    return {name: _incident(name, path) for name, path in INCIDENTS.paths().items()}


def incident_for(facts: Mapping[str, Fact], name: str | None = None) -> Incident:
    """The kind of incident of that name, else the one that the facts tell of; raises UnknownIncident."""
    known = incidents()
    if name is not None:
        if name not in known:
            raise UnknownIncident(f"there is no kind of incident {name!r}{did_you_mean(name, known) or '.'} We have: {', '.join(known)}.")
        return known[name]
    told_as, fact = facts.get("told_as"), facts.get("incident_kind")
    if told_as and told_as.status != "unknown" and told_as.value in known:
        return known[told_as.value]
    value = fact.value if fact and fact.status != "unknown" else None
    return next((one for one in known.values() if value in one.incident_kinds), known[USUAL])


@cache
def _audience(name: str, path: Path) -> Audience:
    return build(Audience, {"name": name, **read_toml(path)}, where=path)


@cache
def _incident(name: str, path: Path) -> Incident:
    made = build(Incident, {"name": name, **read_toml(path)}, where=path)
    known = {step.id for step in (*made.step, *steps())}
    for id in made.first:
        if id not in known:
            raise BadIncident(f"{path}: there is no step {id!r}{did_you_mean(id, known) or '.'} Add it as [[step]] here, or to steps.toml.")
    return made
