"""The form of an authority as its file describes it: phases, sections, and fields with where each is filled from.

A form is one TOML file in `forms/`. Its expressions are parsed when it is read, so a mistake names the file and its line.
"""

import re
from dataclasses import dataclass
from dataclasses import field as a_field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, line_of, read_toml
from amanat.notify.form_expression import BadFormExpression, parse
from amanat.terms.fact import fact_types

SET = OpenSet("notify/forms", suffix=".toml")

FieldType = Literal["text", "long", "integer", "percent", "amount", "moment", "day", "yes_no", "choice", "choices", "places"]
Confidence = Literal["high", "medium", "low"]
STAFF_LANGUAGES = ("en", "fr", "fa")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer of a list; `when` says in which case amanat ticks it by itself."""

    id: str
    label: str  # in the form's own language, as the authority words it
    when: str = ""
    also: dict[str, str] = a_field(default_factory=dict)  # the label in the form's other languages


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form."""

    id: str  # ours, stable; the form's own number where it has one
    section: str
    number: str = ""  # the form's own number; empty where the form prints none
    label: dict[str, str]
    type: FieldType
    required: Literal["yes", "conditional", "no"]
    choices: tuple[Choice, ...] = ()
    value: str = ""  # expression that fills it
    suggest: bool = False  # what amanat fills is a suggestion: it counts once a person has entered it
    when: str = ""  # expression: the field applies only then
    phases: tuple[str, ...] = ()  # empty: in all
    required_in: tuple[str, ...] = ()  # phases in which it must be filled; empty: in each that has it
    ask: dict[str, str] = a_field(default_factory=dict)  # the question to a person where no fact answers it
    most: int | None = None  # most characters that the real form takes
    cite: str = ""
    confidence: Confidence = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a form with its heading."""

    id: str
    label: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One submission of a form: the first notice, a follow-up, the final report."""

    id: str
    label: dict[str, str]
    duties: tuple[str, ...]  # ids of the duties that it answers; their deadline is the form's
    is_follow_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A few facts, and what the form must then hold: field id -> value."""

    story: str
    phase: str
    facts: dict[str, object]
    expects: dict[str, object]
    empty: tuple[str, ...] = ()  # fields that must hold nothing
    missing: tuple[str, ...] = ()  # required fields that must be listed as missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One file of `notify/forms`."""

    id: str
    name: dict[str, str]
    authority: str
    languages: tuple[str, ...]  # in which the form may be handed in, its own first
    status: dict[str, str]  # what the form is: in use, a draft, or our own layout where the law prescribes no form
    version: str
    portal: str = ""
    source: str
    read_on: date
    verified: bool = False  # whether a person compared every field with the authority's own form
    confidence: Confidence
    note: str = ""
    zone: str  # of the authority: its form shows moments in it
    phase: tuple[Phase, ...]
    section: tuple[Section, ...]
    field: tuple[Field, ...]
    example: tuple[Example, ...] = ()

    def phase_of(self, id: str) -> Phase:
        """The phase of this id; raises NoSuchPhase."""
        for one in self.phase:
            if one.id == id:
                return one
        known = [one.id for one in self.phase]
        raise NoSuchPhase(f"form {self.id} has no phase {id!r}{did_you_mean(id, known) or '.'} It has: {', '.join(known)}.")

    def fields_in(self, phase: str) -> tuple[Field, ...]:
        """The fields of one phase, in the form's order."""
        return tuple(one for one in self.field if not one.phases or phase in one.phases)

    @property
    def duties(self) -> frozenset[str]:
        """Ids of all duties that the form answers."""
        return frozenset(duty for phase in self.phase for duty in phase.duties)


class BadForm(Fixable):
    """A file in `notify/forms` that cannot be used."""


class NoSuchForm(Fixable):
    """A form that nobody has described yet."""


class NoSuchPhase(Fixable):
    """A phase that the form does not have."""


def all_forms() -> dict[str, Form]:
    """Every form by id, in alphabetical order."""
    return {name: _read(path) for name, path in SET.paths().items()}


def form_named(id: str) -> Form:
    """One form; raises NoSuchForm."""
    paths = SET.paths()
    if id not in paths:
        raise NoSuchForm(f"there is no form {id!r}{did_you_mean(id, paths) or '.'} There are: {', '.join(paths)}.")
    return _read(paths[id])


@cache
def _read(path: Path) -> Form:
    made = build(Form, read_toml(path), where=path)
    _check(made, path)
    return made


def _check(made: Form, path: Path) -> None:
    if made.id != path.stem:
        raise BadForm(f"{line_of(path, 'id')}: id {made.id!r} must be the file's name, {path.stem!r}")
    if not re.match(r"https?://", made.source):
        raise BadForm(f"{line_of(path, 'source')}: source must be an address on the web")
    phases, sections = {one.id for one in made.phase}, {one.id for one in made.section}
    seen: set[str] = set()
    for one in made.field:
        where = f"{_line(path, one.id)}: field {one.id!r}"
        if one.id in seen:
            raise BadForm(f"{where} is there twice; give each its own id")
        if one.section not in sections:
            raise BadForm(f"{where} stands in section {one.section!r}, which is none{did_you_mean(one.section, sections)}")
        for unknown in {*one.phases, *one.required_in} - phases:
            raise BadForm(f"{where} names phase {unknown!r}, which is none{did_you_mean(unknown, phases)}")
        for language in {*made.languages, *STAFF_LANGUAGES} - set(one.label):
            raise BadForm(f"{where} has no label in {language!r}; staff read English, French and Persian")
        if (one.type in ("choice", "choices")) != bool(one.choices):
            raise BadForm(f"{where}: a list of choices belongs to type choice or choices, and to no other")
        if not one.cite:
            raise BadForm(f"{where} cites nothing; say where the law or the form asks for it (cite)")
        for text in (one.value, one.when, *(choice.when for choice in one.choices)):
            _parsed(text, where, seen)
        seen.add(one.id)
    _check_labels(made, path)


def _line(path: Path, id: str) -> str:
    """`path:line` where the field of this id begins."""
    text = path.read_text(encoding="utf-8-sig")
    found = re.search(rf"(?m)^id\s*=\s*\"{re.escape(id)}\"", text)
    return f"{path}:{text.count(chr(10), 0, found.start()) + 1}" if found else str(path)


def _check_labels(made: Form, path: Path) -> None:
    for name, labels in [("name", made.name), ("status", made.status), *((f"section {s.id}", s.label) for s in made.section)]:
        for language in {*made.languages, *STAFF_LANGUAGES} - set(labels):
            raise BadForm(f"{path}: {name} says nothing in {language!r}; staff read English, French and Persian")
    for phase in made.phase:
        for language in {*made.languages, *STAFF_LANGUAGES} - set(phase.label):
            raise BadForm(f"{path}: phase {phase.id!r} has no label in {language!r}")
    for example in made.example:
        made.phase_of(example.phase)
        for fact in set(example.facts) - set(fact_types()):
            raise BadForm(f"{path}: example {example.story!r}: there is no fact {fact!r}{did_you_mean(fact, fact_types())}")
        for name in {*example.expects, *example.empty, *example.missing} - {one.id for one in made.field}:
            raise BadForm(f"{path}: example {example.story!r} expects field {name!r}, which is none")


def _parsed(text: str, where: str, earlier: set[str]) -> None:
    if not text:
        return
    try:
        parse(text, fields=earlier)
    except BadFormExpression as error:
        raise BadForm(f"{where}: {error}") from None
