"""Contacts of affected persons, read from the register when they are needed and never kept by the scan."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.private import Private
from amanat.scope.register import open_register, place_of, truth_of
from amanat.terms.contact import Contact


def read_contacts(register: Path, person_ids: Collection[str] | Any | None) -> Iterator[Contact]:
    """The contacts of these persons (None: of all), in the order of the register."""
    file = open_register(register)
    wanted: pa.Array | None = None
    if person_ids is not None:
        if isinstance(person_ids, pa.ChunkedArray):
            person_ids = person_ids.combine_chunks()
        wanted = person_ids if isinstance(person_ids, pa.Array) else pa.array(list(person_ids), pa.string())
    # A table with several rows for a person may say of two that they hold: the first does.
    seen: set[str] | None = set() if any(part.has_history for part in file.parts) else None
    for block in file.blocks():
        if wanted is not None:
            block = block.filter(pc.is_in(block.column("person_id"), value_set=wanted.cast(pa.string())))
        for row in block.to_pylist():
            if seen is not None:
                if row["person_id"] in seen:
                    continue
                seen.add(row["person_id"])
            yield _contact(row)


def _contact(row: dict[str, str | None]) -> Contact:
    def several(name: str) -> tuple[Private, ...]:
        return tuple(Private(name, part.strip()) for part in (row.get(name) or "").split(";") if part.strip())

    def one(name: str) -> Private | None:
        text = (row.get(name) or "").strip()
        return Private(name, text) if text else None

    name = one("name")
    if name is None:
        whole = " ".join(part for part in ((row.get("given_name") or "").strip(), (row.get("family_name") or "").strip()) if part)
        name = Private("name", whole) if whole else None
    language = (row.get("language") or "").strip()
    return Contact(
        person_id=row["person_id"] or "",
        name=name,
        emails=several("email"),
        phones=several("phone"),
        address=one("address"),
        residence=place_of(row.get("residence")),
        language=language or None,
        minor=truth_of(row.get("minor")),
        deceased=truth_of(row.get("deceased")),
        needs=one("needs"),
        birth_date=one("birth_date"),
        national_id=one("national_id"),
        controllers=tuple(part.strip() for part in (row.get("controller") or "").split(";") if part.strip()),
    )
