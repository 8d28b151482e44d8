"""The address book of one delivery: contacts and exposures of many persons, in columns in memory, never on disk."""

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.errors import Fixable
from amanat.lib.private import Private
from amanat.notify.same_record import surest, told_with
from amanat.terms.contact import Contact
from amanat.terms.kinds import kinds_of, mask_of

CHUNK = 20_000
_PRIVATE = {"name": "name", "address": "address", "needs": "needs"}
_MANY = {"emails": "email", "phones": "phone"}
_PLAIN = ("residence", "language", "minor", "deceased")
_COLUMNS = pa.schema(
    [
        ("person_id", pa.string()),
        *[(name, pa.string()) for name in _PRIVATE],
        *[(name, pa.list_(pa.string())) for name in _MANY],
        ("residence", pa.string()),
        ("language", pa.string()),
        ("minor", pa.bool_()),
        ("deceased", pa.bool_()),
    ]
)
WHY = "address book of this delivery"


class NoContact(Fixable):
    """A person of the plan has no contact any more."""


class Book:
    """Contacts and exposed kinds with their basis, by person. Ten million persons take columns, not ten million objects."""

    def __init__(self, contacts: Iterable[Contact], exposures: pa.Table, together: pa.Table | None = None) -> None:
        self._others = told_with(together) if together is not None else {}
        walk = iter(contacts)
        batches = []
        while chunk := list(islice(walk, CHUNK)):
            batches.append(pa.RecordBatch.from_pylist([_row(c) for c in chunk], schema=_COLUMNS))
        self._contacts = pa.Table.from_batches(batches, schema=_COLUMNS).combine_chunks()
        self._row_of_contact = _Index(self._contacts["person_id"])
        self._masks = _masks(exposures)
        self._bases = exposures["basis"].combine_chunks().dictionary_encode()
        self._row_of_exposure = _Index(exposures["person_id"])

    def look_up(self, person_ids: Sequence[str]) -> list[tuple[Contact, frozenset[str], str]]:
        """Contact, exposed kinds and basis of each, in order; of a person with several records, what was exposed of any.

        Raises NoContact with the number of those that have none.
        """
        rows = self._row_of_contact.rows(person_ids)
        if (rows < 0).any():
            raise NoContact(f"{int((rows < 0).sum())} person(s) of the plan are no longer in the register; plan and approve again")
        masks, bases = self._exposed(person_ids)
        for at, person_id in enumerate(person_ids):
            if others := self._others.get(person_id):
                more, how = self._exposed(others)
                masks[at], bases[at] = reduce(or_, more, masks[at]), surest([bases[at], *how])
        contacts = self._contacts.take(pa.array(rows)).to_pylist()
        return [(_contact(entry), frozenset(kinds_of(mask)), basis) for entry, mask, basis in zip(contacts, masks, bases, strict=True)]

    def _exposed(self, person_ids: Sequence[str]) -> tuple[list[int], list[str]]:
        exposed = self._row_of_exposure.rows(person_ids).tolist()
        masks = [int(self._masks[row]) if row >= 0 else 0 for row in exposed]
        return masks, [self._bases[row].as_py() or "" if row >= 0 else "" for row in exposed]


class _Index:
    """Row numbers by id: two sorted arrays instead of a dict of millions of strings."""

    def __init__(self, ids: pa.ChunkedArray) -> None:
        order = pc.sort_indices(ids).to_numpy()
        encoded = np.array([i.encode() for i in ids.to_pylist()], dtype=object)
        self._order = order
        self._sorted = encoded[order].astype("S") if len(encoded) else np.array([], "S1")

    def rows(self, ids: Sequence[str]) -> "np.ndarray[Any, np.dtype[np.int64]]":
        if not len(self._sorted):
            return np.full(len(ids), -1, np.int64)
        wanted = np.array([i.encode() for i in ids], dtype="S")
        at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        return np.where(self._sorted[at] == wanted, self._order[at], -1).astype(np.int64)


def _masks(exposures: pa.Table) -> "np.ndarray[Any, np.dtype[np.uint64]]":
    kinds = exposures["kinds"].combine_chunks()
    return np.array([mask_of(each or ()) for each in kinds.to_pylist()], np.uint64)


def _row(contact: Contact) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(contact, name) for name in ("person_id", *_PLAIN)}
    for name in _PRIVATE:
        value = getattr(contact, name)
        row[name] = value.reveal(why=WHY) if value is not None else None
    for name in _MANY:
        row[name] = [value.reveal(why=WHY) for value in getattr(contact, name)]
    return row


def _contact(row: dict[str, Any]) -> Contact:
    values: dict[str, Any] = {name: row[name] for name in ("person_id", *_PLAIN)}
    for name, kind in _PRIVATE.items():
        values[name] = Private(kind, row[name]) if row[name] is not None else None
    for name, kind in _MANY.items():
        values[name] = tuple(Private(kind, value) for value in row[name])
    return Contact(**values)
