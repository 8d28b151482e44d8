"""A filled form as text for eyes: labels and values in one language, moments in the authority's zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from amanat import wording
from amanat.notify.form import Field, Form
from amanat.notify.form_document import Document, Filled
from amanat.terms.fact import fact_types


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One field as it is shown."""

    field: Field
    filled: Filled
    label: str
    shown: str  # the value in words; empty while there is none
    questions: tuple[str, ...]  # to ask, in the words of `amanat assess facts`, or the form's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A section with its lines."""

    id: str
    heading: str
    lines: tuple[Line, ...]


def form_parts(form: Form, document: Document, *, language: str = "") -> tuple[Part, ...]:
    """The document section by section. `language` is the reader's; without it the document's own."""
    tongue = language or document.language
    fields = {one.id: one for one in form.field}
    by_section: dict[str, list[Line]] = {}
    for filled in document.fields:
        if filled.id in fields:
            line = line_of(fields[filled.id], filled, form.zone, tongue)
            by_section.setdefault(line.field.section, []).append(line)
    return tuple(Part(id=s.id, heading=s.label[tongue], lines=tuple(by_section[s.id])) for s in form.section if s.id in by_section)


def line_of(field: Field, filled: Filled, zone: str, language: str) -> Line:
    """One field with its label and value in words."""
    return Line(
        field=field,
        filled=filled,
        label=field.label[language],
        shown=form_shown(field, filled.value, zone, language),
        questions=tuple(questions_of(field, filled, language)),
    )


def questions_of(field: Field, filled: Filled, language: str) -> Iterator[str]:
    """What to ask so that the field can be filled."""
    if filled.state not in ("missing", "needs_human"):
        return
    for name in filled.ask:
        yield fact_types()[name].says
    if not filled.ask:
        yield field.ask.get(language) or field.ask.get("en") or field.label[language]


def form_shown(field: Field, value: Any, zone: str, language: str) -> str:
    """A value in words of the language; choices stay in the form's own words."""
    if value is None:
        return ""
    words = wording.words(language)
    labels = {choice.id: choice.also.get(language, choice.label) for choice in field.choices}
    match field.type:
        case "yes_no":
            return words.text["form_yes"] if value else words.text["form_no"]
        case "moment":
            return words.moment(datetime.fromisoformat(value), zone)
        case "day":
            day = date.fromisoformat(value)
            return words.day(datetime(day.year, day.month, day.day, 12, tzinfo=timezone.utc), "UTC")
        case "integer":
            return words.say("{n,number}", n=value)
        case "percent" | "amount":
            return words.say("{n,number}", n=value)
        case "choice":
            return labels.get(value, str(value))
        case "choices":
            return "\n".join(labels.get(one, str(one)) for one in value)
        case "places":
            return ", ".join(value)
    return str(value)
