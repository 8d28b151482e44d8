"""Scope by access: persons whose data an intruder reached or could reach, whether or not their files are in hand.

`access/` holds `tables.csv` (table, reached, kinds, persons) and `accounts.csv` (account, kind, reached, kinds, persons).
`reached` is `accessed` (logs show it) or `accessible` (nothing shows that it was not); `kinds` are separated by `;`;
`persons` is a CSV beside them with the column person_id or email.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from amanat.lib.errors import Fixable, did_you_mean
from amanat.scope.exposures import kinds_column
from amanat.scope.match import Register, find
from amanat.scope.outsiders import outsider_id
from amanat.scope.people import People
from amanat.scope.scan import Scanner, records_of
from amanat.terms.exposure import EXPOSURES
from amanat.terms.kinds import KINDS, mask_of

BELIEF = {"accessed": 0.8, "accessible": 0.4}
_TABLES = {"tables.csv": "table", "accounts.csv": "account"}


class BadAccess(Fixable):
    """A file of the access folder says something that cannot be, or is missing."""


def add_access(exposures: pa.Table, folder: Path, people: People, key: bytes) -> tuple[pa.Table, list[str]]:
    """The exposures with everybody within reach; and sentences about it.

    A person whose data was found in files keeps the basis "content" and gets the further kinds. Rows of nobody in the
    register become outsiders.
    """
    if not folder.is_dir() or not any((folder / name).is_file() for name in _TABLES):
        raise BadAccess(f"{folder}: holds neither tables.csv nor accounts.csv; say there what was within reach")
    masks = np.zeros(len(people), np.uint64)
    beliefs = np.zeros(len(people), np.float32)
    outsiders: dict[str, tuple[int, float]] = {}
    n_nobody = 0
    for persons, kinds, reached in _reached(folder):
        numbers, strangers = _numbers(persons, people, key)
        masks[numbers] |= np.uint64(mask_of(kinds))
        beliefs[numbers] = np.maximum(beliefs[numbers], np.float32(BELIEF[reached]))
        n_nobody += sum(1 for stranger in strangers if stranger is None)
        for stranger in strangers:
            if stranger is not None:
                mask, belief = outsiders.get(stranger, (0, 0.0))
                outsiders[stranger] = mask | mask_of(kinds), max(belief, BELIEF[reached])
    table = _joined(exposures, people, masks, beliefs, outsiders)
    notes = []
    n_more = table.num_rows - exposures.num_rows
    if n_more:
        notes.append(f"{n_more:,} persons are in no file that we read, but in a table or mailbox that the intruder reached or could reach.")
    if n_nobody:
        notes.append(f"{n_nobody:,} rows of the access folder name a person_id that the register does not have; they could not be counted.")
    return table, notes


def _reached(folder: Path) -> Iterator[tuple[Path, tuple[str, ...], str]]:
    for name, subject in _TABLES.items():
        path = folder / name
        if not path.is_file():
            continue
        for number, row in enumerate(_rows(path, (subject, "reached", "kinds", "persons")), start=2):
            reached = row["reached"].strip().lower()
            if reached not in BELIEF:
                raise BadAccess(f"{path}, row {number}: reached is accessed or accessible{did_you_mean(reached, BELIEF)}")
            kinds = tuple(kind.strip() for kind in row["kinds"].split(";") if kind.strip())
            for kind in kinds:
                if kind not in KINDS:
                    raise BadAccess(f"{path}, row {number}: there is no kind of data {kind!r}{did_you_mean(kind, KINDS)}")
            persons = (folder / row["persons"].strip()).resolve()
            if not persons.is_relative_to(folder.resolve()) or not persons.is_file():
                raise BadAccess(f"{path}, row {number}: the list of persons {row['persons']!r} is not there; give a path below {folder}")
            yield persons, kinds, reached


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            for column in columns:
                if column not in (reader.fieldnames or ()):
                    raise BadAccess(f"{path}: the column {column!r} is missing; it needs {', '.join(columns)}")
            for row in reader:
                yield {name: value or "" for name, value in row.items() if isinstance(name, str) and not isinstance(value, list)}
    except UnicodeDecodeError as error:
        raise BadAccess(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8") from None


def _numbers(path: Path, people: People, key: bytes) -> tuple[Any, list[str | None]]:
    """Numbers of the register's persons in a list, and ids of the others (None: nothing but an unknown person_id)."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        columns = next(csv.reader(file), [])
    if "person_id" in columns:
        rows = people.row_of([row["person_id"].strip() for row in _rows(path, ("person_id",))])
        return rows[rows >= 0], [None] * int((rows < 0).sum())
    if "email" not in columns:
        raise BadAccess(f"{path}: has neither a column person_id nor email; add one of them")
    scanner = Scanner(key, regions=people.regions, now=None)
    emails = [row["email"].strip() for row in _rows(path, ("email",))]
    found = scanner.scan(records_of(emails))
    keys = found.key[found.identifier == scanner.names.index("email")]
    register = Register(people.keys, people.first, people.persons, people.slots, people.name, people.birth, people.address)
    numbers: list[int] = []
    strangers: list[str | None] = []
    for each in keys:
        low, high = find(register, each)
        numbers += people.persons[low:high].tolist()
        if low == high:
            strangers.append(outsider_id(each, *scanner.key_words))
    return np.array(numbers, np.int64), strangers


def _joined(exposures: pa.Table, people: People, masks: Any, beliefs: Any, outsiders: dict[str, tuple[int, float]]) -> pa.Table:
    kinds = exposures.column("kinds").to_pylist()
    ids = exposures.column("person_id").to_pylist()
    numbers = people.row_of(ids) if len(people) else np.full(len(ids), -1)
    is_there = np.zeros(len(people), bool)
    changed = []
    for row, number in enumerate(numbers.tolist()):
        mask = mask_of(kinds[row])
        if number >= 0:
            is_there[number] = True
            mask |= int(masks[number])
        elif ids[row] in outsiders:
            mask |= outsiders.pop(ids[row])[0]
        changed.append(mask)
    exposures = exposures.set_column(1, EXPOSURES.field("kinds"), kinds_column(np.array(changed, np.uint64)))
    rows = np.flatnonzero((masks != 0) & ~is_there)
    n = len(rows)
    minor = people.minor[rows]
    more = pa.table(
        [
            people.ids.take(pa.array(rows)) if n else pa.chunked_array([], pa.string()),
            kinds_column(masks[rows]),
            pa.array(np.zeros(n, np.int64)),
            pa.array(np.zeros(n, np.int64)),
            pa.array(beliefs[rows]),
            pa.array(["sure"] * n, pa.string()),
            pa.array(["access"] * n, pa.string()),
            pa.array(people.residences, pa.string()).take(pa.array(people.residence[rows])),
            pa.array(people.languages, pa.string()).take(pa.array(people.language[rows])),
            pa.array(minor == 1, pa.bool_(), mask=minor < 0),
        ],
        schema=EXPOSURES,
    )
    n = len(outsiders)
    others = sorted(outsiders.items())
    strangers = pa.table(
        [
            pa.array([i for i, _ in others], pa.string()),
            kinds_column(np.array([mask for _, (mask, _) in others], np.uint64)),
            pa.array(np.zeros(n, np.int64)),
            pa.array(np.zeros(n, np.int64)),
            pa.array(np.array([belief for _, (_, belief) in others], np.float32)),
            pa.array(["outsider"] * n, pa.string()),
            pa.array(["access"] * n, pa.string()),
            pa.nulls(n, pa.string()),
            pa.nulls(n, pa.string()),
            pa.nulls(n, pa.bool_()),
        ],
        schema=EXPOSURES,
    )
    return pa.concat_tables([exposures, more, strangers]).combine_chunks()
