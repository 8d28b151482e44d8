"""A filled form: every field with its value, where that comes from, and what is missing; as JSON, and compared with the one before."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from amanat.lib.errors import Fixable

State = Literal["filled", "missing", "needs_human", "not_applicable"]


class NotADocument(Fixable):
    """A file that holds no filled form of this version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One field as it stands.

    `state`: filled; missing (a fact would fill it: `ask` names which); needs_human (nobody can but a person); not_applicable.
    """

    id: str
    value: Any  # as JSON holds it: text, number, true or false, ids of choices, ISO moments, codes of places; None while nothing is known
    state: State
    is_required: bool
    sources: tuple[str, ...] = ()  # "fact:awareness", "exposures", "company:lei", "by_hand"
    ask: tuple[str, ...] = ()  # facts that would fill it
    notes: tuple[str, ...] = ()  # doubts: believed, taken from another fact, too long
    by: str = ""  # who entered it by hand, when and why
    at: datetime | None = None
    why: str = ""

    @property
    def is_lacking(self) -> bool:
        """Whether the form cannot be handed in whole because of this field."""
        return self.is_required and self.state in ("missing", "needs_human")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One field that differs from what was submitted before."""

    id: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One form, filled for one phase of one incident."""

    form: str
    version: str  # of the authority's form
    phase: str
    language: str
    case: str
    made_at: datetime
    due_at: datetime | None
    is_late: bool
    reference: str  # that the authority gave; empty before it did
    fields: tuple[Filled, ...]
    changes: tuple[Change, ...] = ()  # against what was submitted before; empty for the first

    def __getitem__(self, id: str) -> Filled:
        for one in self.fields:
            if one.id == id:
                return one
        raise KeyError(id)

    @property
    def lacking(self) -> tuple[Filled, ...]:
        """Required fields that are not filled."""
        return tuple(one for one in self.fields if one.is_lacking)

    @property
    def to_look_at(self) -> tuple[Filled, ...]:
        """Fields that must be filled only where they apply, which a person has to judge."""
        return tuple(one for one in self.fields if not one.is_required and one.state in ("missing", "needs_human"))


def document_as_json(document: Document) -> dict[str, Any]:
    """The document as JSON holds it, with the list of what is missing."""
    table = asdict(document)
    table["made_at"], table["due_at"] = document.made_at.isoformat(), document.due_at.isoformat() if document.due_at else None
    table["fields"] = [{**asdict(one), "at": one.at.isoformat() if one.at else None} for one in document.fields]
    table["missing"] = [one.id for one in document.lacking]
    return table


def document_from_json(table: Mapping[str, Any]) -> Document:
    """The document that `document_as_json` wrote; raises NotADocument."""
    try:
        given = {name: table[name] for name in ("form", "version", "phase", "language", "case", "is_late", "reference")}
        fields = tuple(
            Filled(**{**one, **{name: tuple(one[name]) for name in ("sources", "ask", "notes")}, "at": _moment(one["at"])}) for one in table["fields"]
        )
        return Document(
            **given,
            made_at=datetime.fromisoformat(table["made_at"]),
            due_at=_moment(table["due_at"]),
            fields=fields,
            changes=tuple(Change(**one) for one in table["changes"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotADocument(f"this is no filled form ({type(error).__name__}: {error}); make it with `amanat notify form … --format json`") from None


def changes_between(before: Document | None, fields: tuple[Filled, ...]) -> tuple[Change, ...]:
    """What differs from what was submitted before, in the form's order; a field that is gone stands at the end."""
    if before is None:
        return ()
    old = {one.id: _held(one) for one in before.fields}
    new = {one.id: _held(one) for one in fields}
    order = [*new, *(id for id in old if id not in new)]
    return tuple(Change(id=id, before=old.get(id), after=new.get(id)) for id in order if old.get(id) != new.get(id))


def _held(one: Filled) -> Any:
    return None if one.state == "not_applicable" else one.value


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
