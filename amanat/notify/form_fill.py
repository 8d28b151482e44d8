"""Fills a form from a case: each field by its expression or its choices, by hand where a person has spoken, and says what is missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.moment import moment_of
from amanat.notify.form import Field, Form
from amanat.notify.form_case import FormCase
from amanat.notify.form_document import Document, Filled, State, changes_between
from amanat.notify.form_expression import Got, evaluate
from amanat.notify.form_world import CaseWorld
from amanat.terms.places import PLACES


class BadEntry(Fixable):
    """A value entered by hand that its field does not take."""


class NoSuchLanguage(Fixable):
    """A language in which the authority does not take the form."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A value that a person entered by hand, with name and reason; it wins over what amanat found. None: emptied on purpose."""

    value: Any
    by: str = ""
    at: datetime | None = None
    why: str = ""


def fill_form(
    form: Form,
    case: FormCase,
    *,
    phase: str = "",
    language: str = "",
    now: datetime,
    entries: Mapping[str, Entry] | None = None,
    before: Document | None = None,
    reference: str = "",
) -> Document:
    """The form, filled for one phase, with every field of that phase.

    Args:
        phase: its first when left out.
        entries: by field id, what persons entered by hand.
        before: what was submitted last, for `changes`.
        reference: the number that the authority gave to it.

    Raises:
        NoSuchPhase, NoSuchLanguage, BadEntry.
    """
    chosen = form.phase_of(phase or form.phase[0].id)
    tongue = language or form.languages[0]
    if tongue not in form.languages:
        raise NoSuchLanguage(f"form {form.id} is not handed in in {tongue!r}; it takes {', '.join(form.languages)}")
    fields = form.fields_in(chosen.id)
    given = dict(entries or {})
    for id in set(given) - {one.id for one in form.field}:
        raise BadEntry(f"form {form.id} has no field {id!r}{did_you_mean(id, [one.id for one in fields])}")
    world = CaseWorld(
        form,
        chosen,
        case,
        language=tongue,
        now=now,
        their_reference=reference or (before.reference if before else ""),
        has_earlier=before is not None,
    )
    filled = _pass(fields, world, given, chosen.id)
    # Some forms ask at their top whether they are complete: that is known only at their end.
    world.is_complete = not any(one.is_lacking for one in filled)
    filled = _pass(fields, world, given, chosen.id)
    return Document(
        form=form.id,
        version=form.version,
        phase=chosen.id,
        language=tongue,
        case=case.id,
        made_at=now,
        due_at=world.due_at,
        is_late=world.is_late,
        reference=reference or (before.reference if before else ""),
        fields=filled,
        changes=changes_between(before, filled),
    )


def checked_entry(field: Field, value: Any) -> Any:
    """A value as the field keeps it; raises BadEntry with what the field takes. Texts as a person types them are understood."""
    text = value.strip() if isinstance(value, str) else value
    if text is None or text == "" or text == []:
        return None
    ids = [choice.id for choice in field.choices]
    match field.type:
        case "text" | "long" if isinstance(text, str):
            if field.most and len(text) > field.most:
                raise BadEntry(f"field {field.id}: the form takes {field.most} characters, and this has {len(text)}; shorten it")
            return text
        case "integer" if isinstance(text, int) and not isinstance(text, bool) and text >= 0:
            return text
        case "integer" if isinstance(text, str) and text.isdecimal():
            return int(text)
        case "percent" | "amount" if isinstance(text, int | float) and not isinstance(text, bool) and text >= 0:
            return text
        case "percent" | "amount" if isinstance(text, str) and _number(text) is not None:
            return _number(text)
        case "moment" if isinstance(text, datetime) and text.tzinfo:
            return text.isoformat()
        case "moment" if isinstance(text, str) and moment_of(text):
            return text
        case "day" if isinstance(text, date):
            return (text.date() if isinstance(text, datetime) else text).isoformat()
        case "day" if isinstance(text, str) and _day(text):
            return text
        case "yes_no" if isinstance(text, bool):
            return text
        case "yes_no" if text in ("yes", "no"):
            return text == "yes"
        case "choice" if text in ids:
            return text
        case "choices" if isinstance(text, list | tuple) and all(one in ids for one in text):
            return [id for id in ids if id in text]
        case "places" if isinstance(text, list | tuple) and all(one in PLACES for one in text):
            return list(dict.fromkeys(text))
        case "places" if isinstance(text, str) and all(one in PLACES for one in text.replace(",", " ").split()):
            return list(dict.fromkeys(text.replace(",", " ").split()))
    wants = {
        "text": "text",
        "long": "text",
        "integer": "a whole number from 0",
        "percent": "a number of percent",
        "amount": "a number",
        "moment": "a moment with its offset from UTC, such as 2026-03-06T18:00:00+01:00",
        "day": "a day such as 2026-03-06",
        "yes_no": "yes or no",
        "choice": f"one of {', '.join(ids)}",
        "choices": f"some of {', '.join(ids)}",
        "places": "places by their ISO 3166 codes, such as FR or US-CA",
    }
    raise BadEntry(f"field {field.id} takes {wants[field.type]}")


# ---- inside ----


def _pass(fields: Iterable[Field], world: CaseWorld, entries: Mapping[str, Entry], phase: str) -> tuple[Filled, ...]:
    """Every field in turn; each may ask about those before it."""
    filled = []
    world.fields = {}
    for field in fields:
        one = _by_hand(field, entries[field.id], phase) if field.id in entries else _by_itself(field, world, phase)
        # What does not apply is empty, which is known: a field that depends on it does not apply either.
        world.fields[field.id] = Got("" if one.state == "not_applicable" else one.value, (), one.ask)
        filled.append(one)
    return tuple(filled)


def _by_hand(field: Field, entry: Entry, phase: str) -> Filled:
    value = checked_entry(field, entry.value)
    required = _is_required(field, True, phase)
    state: Any = "filled" if value is not None else "needs_human" if required else "not_applicable"
    return Filled(id=field.id, value=value, state=state, is_required=required, sources=("by_hand",), by=entry.by, at=entry.at, why=entry.why)


def _by_itself(field: Field, world: CaseWorld, phase: str) -> Filled:
    applies = evaluate(field.when, world) if field.when else Got(True)
    required = _is_required(field, applies.value, phase)
    if applies.value is None and (waits_for := world.open_fields(applies)):
        return _waiting(field, world, waits_for)
    if applies.value is not None and not applies.value:
        return Filled(id=field.id, value=None, state="not_applicable", is_required=False, sources=applies.sources)
    got = _chosen(field, world) if any(choice.when for choice in field.choices) else evaluate(field.value, world) if field.value else Got()
    value, notes = got.value, got.notes
    trouble = ""
    if value is not None:
        value, trouble = _kept(field, value)
    # A list that is known to be empty, or an empty text, says nothing that could stand in a field.
    if value is not None:
        if trouble:
            return Filled(id=field.id, value=value, state="needs_human", is_required=required, sources=got.sources, notes=(*notes, trouble))
        state: State = "needs_human" if field.suggest else "filled"
        return Filled(id=field.id, value=value, state=state, is_required=required, sources=got.sources, notes=(*notes, *_suggested(field)))
    # Whether it applies is a question as well, as long as nobody knows.
    ask = tuple(dict.fromkeys((*got.ask, *(applies.ask if applies.value is None else ()))))
    return Filled(id=field.id, value=None, state="missing" if ask else "needs_human", is_required=required, sources=got.sources, ask=ask, notes=notes)


def _waiting(field: Field, world: CaseWorld, waits_for: tuple[str, ...]) -> Filled:
    """An earlier field decides whether this one applies. That one is asked for, and this one is not demanded before it is answered."""
    got = evaluate(field.value, world) if field.value else Got()
    value, trouble = _kept(field, got.value) if got.value is not None else (None, "")
    notes = (*got.notes, *((trouble,) if trouble else ()), f"waits for {', '.join(waits_for)}")
    state: State = "needs_human" if value is None or trouble or field.suggest else "filled"
    return Filled(id=field.id, value=value, state=state, is_required=False, sources=got.sources, notes=notes)


def _suggested(field: Field) -> tuple[str, ...]:
    return ("a suggestion",) if field.suggest else ()


def _is_required(field: Field, applies: bool | None, phase: str) -> bool:
    """Unknown is not no: a field that may apply is asked for. One that applies by a person's judgement is shown, not demanded."""
    if field.required == "no" or (field.required_in and phase not in field.required_in):
        return False
    if field.required == "conditional" and not field.when:
        return False
    return applies is None or bool(applies)


def _chosen(field: Field, world: CaseWorld) -> Got:
    """The choices whose condition is met: all of them, or the first where only one may be ticked."""
    asked = [(choice.id, evaluate(choice.when, world)) for choice in field.choices if choice.when]
    if field.type == "choices":
        ticked = [id for id, got in asked if got.value]
        return Got(ticked or None).with_(*[got for _, got in asked if got.value] or [got for _, got in asked])
    for position, (id, got) in enumerate(asked):
        if got.value:
            return Got(id).with_(got)
        if got.value is None:
            # An earlier answer that nobody can give yet might be the right one: we do not tick a later one over it.
            return Got().with_(*[one for _, one in asked[position:] if one.value is None])
    return Got().with_(*[got for _, got in asked])


def _kept(field: Field, value: Any) -> tuple[Any, str]:
    """The value as the field keeps it, and what is wrong with it. What does not fit is shown, and a person mends it."""
    if field.type in ("text", "long") and not isinstance(value, str):
        value = _as_text(value)
    if field.type == "places" and isinstance(value, str):
        value = [value]
    if field.type == "integer" and isinstance(value, float):
        value = round(value)
    try:
        return checked_entry(field, value), ""
    except BadEntry as error:
        return value if isinstance(value, str | int | float | bool | list) else str(value), str(error)


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    return str(value)


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(" ", "").replace(",", "."))
    except ValueError:
        return None
    return number if 0 <= number < 1e15 else None


def _day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
