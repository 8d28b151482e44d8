"""Reads events, exposures and the register as files give them, and says what cannot be used."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.errors import Fixable, did_you_mean
from amanat.terms.event import EVENT_KINDS, EVENTS, REQUIRED
from amanat.terms.register import COLUMNS
from amanat.trust import confined
from amanat.trust.moments import Aside, moments

# What other systems call our columns; our own name wins where both are there.
ALSO = {
    "person_id": ("person", "customer", "customer_id", "client_id", "user_id"),
    "at": ("time", "timestamp", "ts", "when", "date", "datetime"),
    "kind": ("type", "event", "event_type"),
    "value_eur": ("value", "amount", "amount_eur"),
    "language": ("lang",),
}


_EXPOSED = ("person_id", "state", "residence", "language", "to_tell")


class MissingColumn(Fixable):
    """A column without which the table says nothing."""


def read_events(path: Path) -> tuple[pa.Table, list[Aside]]:
    """EVENTS from Parquet or CSV. Rows without a readable time, person or kind are set aside and counted."""
    table = read_table(path, EVENTS.names, REQUIRED)
    aside: list[Aside] = []
    columns: dict[str, Any] = {}
    for field in EVENTS:
        if field.name not in table.column_names:
            columns[field.name] = pa.nulls(len(table), field.type)
        elif field.name == "at":
            columns["at"] = moments(table["at"], "at", aside)
        elif pa.types.is_floating(field.type):
            columns[field.name] = numbers(table[field.name], field.name, aside)
        else:
            columns[field.name] = table[field.name].cast(pa.string())
    made = pa.table(columns, schema=EVENTS)
    kinds = Counter({row["values"]: row["counts"] for row in made["kind"].value_counts().to_pylist()})
    unknown = {kind: n for kind, n in kinds.items() if kind not in EVENT_KINDS}
    if unknown:
        word = max(unknown, key=lambda kind: unknown[kind])
        # A kind is a word of a system; what looks like anything else is not repeated.
        shown = word if word and word.replace("_", "").isalnum() and len(word) <= 30 else ""
        aside.append(Aside("unknown_kind", sum(unknown.values()), f"{shown}{did_you_mean(shown, EVENT_KINDS)}" if shown else ""))
    no_person = pc.fill_null(pc.equal(made["person_id"], ""), True)
    # Public words without a known author still count as public words.
    public = pc.is_in(made["kind"], pa.array(["post", "review"]))
    nobody = pc.and_(no_person, pc.invert(public))
    if n := pc.sum(nobody).as_py():
        aside.append(Aside("no_person", n))
    keep = pc.and_(pc.and_(pc.is_valid(made["at"]), pc.is_in(made["kind"], pa.array(list(EVENT_KINDS)))), pc.invert(nobody))
    return made.filter(keep), aside


def read_exposures(path: Path) -> tuple[pa.Table, list[Aside]]:
    """Persons, states, places and languages from a file of exposures; without states everybody in it counts as sure.

    `to_tell` may say that nothing obliges us to tell a person: then they are not missing where nobody told them.
    """
    table = read_table(path, _EXPOSED, ("person_id",))
    n = len(table)

    def text(name: str, otherwise: str | None) -> Any:
        return table[name].cast(pa.string()) if name in table.column_names else pa.array([otherwise] * n, pa.string())

    to_tell = _truths(table["to_tell"]) if "to_tell" in table.column_names else pa.array([True] * n)
    made = pa.table(
        {
            "person_id": table["person_id"].cast(pa.string()),
            "state": text("state", "sure"),
            "residence": text("residence", None),
            "language": text("language", None),
            "to_tell": to_tell,
        }
    )
    n_double = len(made) - pc.count_distinct(made["person_id"]).as_py()
    return made, [Aside("double_exposures", n_double)] if n_double else []


def read_persons(path: Path) -> tuple[pa.Table, list[Aside]]:
    """The register as far as trust needs it: `person_id, since, deceased, yearly_value_eur`; the first row of a person counts."""
    wanted = ("person_id", "since", "deceased", "yearly_value_eur")
    table = read_table(path, wanted, ("person_id",), {name: COLUMNS[name].also for name in wanted})
    found = {name: name for name in table.column_names}
    aside: list[Aside] = []
    n = len(table)
    ids = table[found["person_id"]].cast(pa.string())
    made = pa.table(
        {
            "person_id": ids,
            "since": moments(table[found["since"]], "since", aside, bad="bad_since") if "since" in found else pa.nulls(n, pa.timestamp("us", "UTC")),
            "deceased": _truths(table[found["deceased"]]) if "deceased" in found else pa.array([False] * n),
            "value": numbers(table[found["yearly_value_eur"]], "yearly_value_eur", aside)
            if "yearly_value_eur" in found
            else pa.nulls(n, pa.float64()),
        }
    )
    codes = ids.combine_chunks().dictionary_encode().indices if n else pa.array([], pa.int32())
    first = pa.table({"code": codes, "row": pa.array(range(n), pa.int64())}).group_by("code").aggregate([("row", "min")])["row_min"]
    if len(first) < n:
        aside.append(Aside("double_persons", n - len(first)))
        made = made.take(first.take(pc.sort_indices(first)))
    return made, aside


def read_table(path: Path, ours: Iterable[str], required: Sequence[str], also: Mapping[str, Sequence[str]] = ALSO) -> pa.Table:
    """The table with our names for columns that other systems call otherwise; only the columns that are ours."""
    ours = tuple(ours)
    names = {name: (name, *also.get(name, ())) for name in ours}
    table, there = confined.read(path, {other for others in names.values() for other in others})
    found = {name: other for name, others in names.items() if (other := next((one for one in others if one in there), None))}
    for name in required:
        if name not in found:
            hint = did_you_mean(name, there) or "."
            raise MissingColumn(f"{path}: has no column {name!r}{hint} It takes: {', '.join(ours)}.")
    return pa.table([table[other] for other in found.values()], names=list(found))


def numbers(column: Any, name: str, aside: list[Aside]) -> Any:
    """Numbers as 64-bit floats; what is none is null and counted."""
    if not pa.types.is_string(column.type) and not pa.types.is_large_string(column.type):
        return column.cast(pa.float64(), safe=False)
    is_number = pc.match_substring_regex(column, r"^\s*[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?\s*$")
    n_bad = pc.sum(pc.and_(pc.and_(pc.is_valid(column), pc.not_equal(column, "")), pc.invert(is_number))).as_py() or 0
    if n_bad:
        aside.append(Aside("bad_number", n_bad, name))
    return pc.if_else(is_number, pc.utf8_trim_whitespace(column), pa.scalar(None, column.type)).cast(pa.float64())


def _truths(column: Any) -> Any:
    if pa.types.is_boolean(column.type):
        return pc.fill_null(column, False)
    return pc.fill_null(pc.is_in(pc.utf8_lower(column.cast(pa.string())), pa.array(["true", "1", "yes", "oui", "بله"])), False)
