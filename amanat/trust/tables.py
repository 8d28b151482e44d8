"""Reads events, exposures and the register as files give them, and says what cannot be used."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from amanat.lib.errors import Fixable, did_you_mean
from amanat.terms.event import EVENT_KINDS, EVENTS, REQUIRED
from amanat.terms.register import COLUMNS

# What other systems call our columns; our own name wins where both are there.
ALSO = {
    "person_id": ("person", "customer", "customer_id", "client_id", "user_id"),
    "at": ("time", "timestamp", "ts", "when", "date", "datetime"),
    "kind": ("type", "event", "event_type"),
    "value_eur": ("value", "amount", "amount_eur"),
    "language": ("lang",),
}


class NotATable(Fixable):
    """A file that is neither Parquet nor CSV, or cannot be read."""


class MissingColumn(Fixable):
    """A column without which the table says nothing."""


@dataclass(frozen=True, slots=True)
class Aside:
    """Rows that could not be used: why, how many, and an example of the word (never a person's value)."""

    code: str
    n: int
    example: str = ""


def read_events(path: Path) -> tuple[pa.Table, list[Aside]]:
    """EVENTS from Parquet or CSV. Rows without a readable time, person or kind are set aside and counted."""
    table = _by_our_names(_read(path))
    _need(table, path, REQUIRED, EVENTS.names)
    aside: list[Aside] = []
    columns: dict[str, Any] = {}
    for field in EVENTS:
        if field.name not in table.column_names:
            columns[field.name] = pa.nulls(len(table), field.type)
        elif field.name == "at":
            columns["at"] = _moments(table["at"], aside)
        elif pa.types.is_floating(field.type):
            columns[field.name] = _numbers(table[field.name], field.name, aside)
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
    """`person_id` and `state` from a file of exposures; without states everybody in it counts as sure."""
    table = _by_our_names(_read(path))
    _need(table, path, ("person_id",), ("person_id", "state"))
    state = table["state"].cast(pa.string()) if "state" in table.column_names else pa.array(["sure"] * len(table), pa.string())
    made = pa.table({"person_id": table["person_id"].cast(pa.string()), "state": state})
    n_double = len(made) - pc.count_distinct(made["person_id"]).as_py()
    return made, [Aside("double_exposures", n_double)] if n_double else []


def read_persons(path: Path) -> tuple[pa.Table, list[Aside]]:
    """The register as far as trust needs it: `person_id, since, deceased, yearly_value_eur`; the first row of a person counts."""
    table = _read(path)
    names = {c.strip().lower().replace(" ", "_"): c for c in table.column_names}
    found = {
        column: names[name]
        for column in ("person_id", "since", "deceased", "yearly_value_eur")
        for name in (column, *COLUMNS[column].also)
        if name in names
    }
    if "person_id" not in found:
        _need(table, path, ("person_id",), ("person_id",))
    aside: list[Aside] = []
    n = len(table)
    ids = table[found["person_id"]].cast(pa.string())
    made = pa.table(
        {
            "person_id": ids,
            "since": _moments(table[found["since"]], aside, "bad_since") if "since" in found else pa.nulls(n, pa.timestamp("us", "UTC")),
            "deceased": _truths(table[found["deceased"]]) if "deceased" in found else pa.array([False] * n),
            "value": _numbers(table[found["yearly_value_eur"]], "yearly_value_eur", aside)
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


def _read(path: Path) -> pa.Table:
    if not path.is_file():
        raise NotATable(f"{path}: {'is a folder' if path.is_dir() else 'there is no such file'}; give Parquet or CSV")
    try:
        with path.open("rb") as file:
            is_parquet = file.read(4) == b"PAR1"
        if is_parquet:
            return pq.read_table(path)
        # Everything as text: a column of numbers must not fail because of one word in it.
        parse = pyarrow.csv.ParseOptions(newlines_in_values=True, delimiter=_delimiter(path))
        header = pyarrow.csv.open_csv(path, parse_options=parse).schema.names
        types = dict.fromkeys(header, pa.string())
        return pyarrow.csv.read_csv(
            path,
            convert_options=pyarrow.csv.ConvertOptions(column_types=types, strings_can_be_null=True),
            parse_options=parse,
        )
    except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
        # Arrow's own words may quote a row, so they are not repeated.
        raise NotATable(f"{path}: cannot be read as Parquet or CSV ({type(error).__name__}); save it as UTF-8 with a header row") from None


def _delimiter(path: Path) -> str:
    """What parts the columns: the sign that stands most often in the first line."""
    with path.open("rb") as file:
        first = file.readline(100_000)
    return max(",;\t", key=lambda sign: first.count(sign.encode()))


def _by_our_names(table: pa.Table) -> pa.Table:
    """The table with our names for columns that other systems call otherwise."""
    plain = [name.strip().lstrip("\ufeff").lower().replace(" ", "_") for name in table.column_names]
    ours = {ours: next((other for other in (ours, *others) if other in plain), "") for ours, others in ALSO.items()}
    back = {other: name for name, other in ours.items() if other}
    return table.rename_columns([back.get(name, name) for name in plain])


def _need(table: pa.Table, path: Path, required: tuple[str, ...], known: Any) -> None:
    for name in required:
        if name not in table.column_names:
            hint = did_you_mean(name, table.column_names)
            raise MissingColumn(f"{path}: has no column {name!r}{hint} It takes: {', '.join(known)}.".replace("? It", "? It"))


def _moments(column: Any, aside: list[Aside], code: str = "bad_time") -> Any:
    """Moments in UTC; what cannot be read is null and counted, and a time without offset counts as UTC."""
    wanted = pa.timestamp("us", "UTC")
    if pa.types.is_timestamp(column.type):
        if column.type.tz is None:
            aside.append(Aside("no_offset", len(column) - column.null_count))
            return pc.assume_timezone(column.cast(pa.timestamp("us"), safe=False), "UTC")
        return column.cast(wanted, safe=False)
    if pa.types.is_date(column.type):
        return pc.assume_timezone(column.cast(pa.timestamp("us")), "UTC")
    text = column.cast(pa.string())
    try:
        return text.cast(wanted)
    except pa.ArrowInvalid:
        pass
    # One by one, each spelling once: slower, and only for tables with something unusual in them.
    spelled = (text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text).dictionary_encode()
    read = [_moment(value) for value in spelled.dictionary.to_pylist()]
    n_of = Counter(spelled.indices.to_pylist())
    n_bad = sum(n for i, n in n_of.items() if i is None or read[i] is None)
    n_naive = sum(n for i, n in n_of.items() if i is not None and (at := read[i]) is not None and at.tzinfo is None and code == "bad_time")
    for what, n in ((code, n_bad), ("no_offset", n_naive)):
        if n:
            aside.append(Aside(what, n))
    moments = pa.array([at and (at if at.tzinfo else at.replace(tzinfo=timezone.utc)) for at in read], wanted)
    return pa.chunked_array([moments.take(spelled.indices)])


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None


def _numbers(column: Any, name: str, aside: list[Aside]) -> Any:
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
