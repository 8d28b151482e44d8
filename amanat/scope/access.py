"""Scope by access: persons whose data an intruder reached or could reach, whether or not their files are in hand.

What was within reach is read by `reach.py`. A person may be listed for several reasons: the strongest is the basis of their exposure,
and all are kept in `bases.parquet`.
"""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.scope.exposures import kinds_column
from amanat.scope.lookup import find, register_of
from amanat.scope.outsiders import outsider_id
from amanat.scope.people import People
from amanat.scope.reach import EVERYBODY, NAMED, BadAccess, Reached, read_reach, read_rows
from amanat.scope.scan import Scanner, records_of
from amanat.terms.exposure import BASES, EXPOSURES
from amanat.terms.kinds import mask_of

__all__ = ["BadAccess", "add_access", "content_bases", "in_order"]


def add_access(
    exposures: pa.Table, folder: Path, people: People, key: bytes, *, scan: Callable[[Path], pa.Table] | None = None
) -> tuple[pa.Table, pa.Table, list[str]]:
    """The exposures with everybody within reach; their BASES; and sentences about it.

    A person whose data was found in files keeps the basis "content" and gets the further kinds. Rows of nobody in the
    register become outsiders. Each person of a store has all kinds that are said of it: that the register has no telephone
    of theirs does not say that the store has none.

    Args:
        scan: gives the EXPOSURES of a file or folder, for copies of stores that are at hand.
    """
    masks = np.zeros(len(people), np.uint64)
    beliefs = np.zeros(len(people), np.float32)
    outsiders: dict[str, tuple[int, float]] = {}
    found, notes = read_reach(folder)
    bases = [BASES.empty_table()]
    n_nobody, unknown, unlisted = 0, 0, []
    for one in found:
        mask = mask_of(one.store.kinds)
        numbers, strangers, of_content = _persons(one, people, key, scan)
        n_nobody += sum(1 for stranger in strangers if stranger is None)
        named, others = _named(one, people, key)
        if not len(numbers) and not strangers and not of_content and not len(named) and not others:
            unknown += one.store.rows or 0
            unlisted.append(one.store.name)
        for who, belief, kinds in ((numbers, one.belief, mask), (named, NAMED, mask)):
            masks[who] |= np.uint64(kinds)
            beliefs[who] = np.maximum(beliefs[who], np.float32(belief))
            bases.append(_rows(people.ids.take(pa.array(who)) if len(who) else pa.array([], pa.string()), one, kinds, belief))
        for stranger, belief in [*((s, one.belief) for s in strangers if s is not None), *((s, NAMED) for s in others)]:
            before, most = outsiders.get(stranger, (0, 0.0))
            outsiders[stranger] = before | mask, max(most, belief)
            bases.append(_rows(pa.array([stranger], pa.string()), one, mask, belief))
        for person, kinds in of_content.items():
            number = int(people.row_of([person])[0]) if len(people) else -1
            if number >= 0:
                masks[number] |= np.uint64(kinds | mask)
                beliefs[number] = max(beliefs[number], np.float32(one.belief))
            else:
                before, most = outsiders.get(person, (0, 0.0))
                outsiders[person] = before | kinds | mask, max(most, one.belief)
            bases.append(_rows(pa.array([person], pa.string()), one, kinds | mask, one.belief))
    table = _joined(exposures, people, masks, beliefs, outsiders)
    n_more = table.num_rows - exposures.num_rows
    if n_more:
        notes.append(f"{n_more:,} persons are in no file that we read, but in a table or mailbox that the intruder reached or could reach.")
    if n_nobody:
        notes.append(f"{n_nobody:,} rows of the access folder name a person_id that the register does not have; they could not be counted.")
    if unlisted:
        rows = f" (together {unknown:,} rows)" if unknown else ""
        notes.append(
            f'Within reach, and nobody knows whose data: {", ".join(unlisted)}{rows}. List its persons in access/, or say persons = "register".'
        )
    return table, pa.concat_tables(bases), notes


def content_bases(exposures: pa.Table) -> pa.Table:
    """BASES of whoever was found in files."""
    n = exposures.num_rows
    return pa.table(
        [
            exposures["person_id"],
            pa.array(["content"] * n, pa.string()),
            pa.array(["files"] * n, pa.string()),
            exposures["kinds"],
            exposures["belief"],
        ],
        schema=BASES,
    )


def _rows(ids: Any, one: Reached, mask: int, belief: float) -> pa.Table:
    n = len(ids)
    return pa.table(
        [
            ids,
            pa.array([one.reached if belief < NAMED else "accessed"] * n, pa.string()),
            pa.array([one.store.name] * n, pa.string()),
            kinds_column(np.full(n, mask, np.uint64)),
            pa.array(np.full(n, belief, np.float32)),
        ],
        schema=BASES,
    )


def in_order(parts: Sequence[pa.Table]) -> pa.Table:
    """BASES person by person, the strongest first."""
    bases = pa.concat_tables(parts)
    if bases.num_rows == parts[0].num_rows:
        return bases  # of one source: each person stands there once
    rank = pc.index_in(bases["basis"], value_set=pa.array(["content", "accessed", "accessible", "service"]))
    order = pc.sort_indices(
        pa.table([bases["person_id"], rank, bases["belief"], bases["source"]], names=["person_id", "rank", "belief", "source"]),
        sort_keys=[("person_id", "ascending"), ("rank", "ascending"), ("belief", "descending"), ("source", "ascending")],
    )
    return bases.take(order).combine_chunks()


def _persons(one: Reached, people: People, key: bytes, scan: Callable[[Path], pa.Table] | None) -> tuple[Any, list[str | None], dict[str, int]]:
    """Numbers of the register's persons in a store, ids of the others, and kinds by person where a copy of the store was scanned."""
    numbers: Any = np.zeros(0, np.int64)
    strangers: list[str | None] = []
    if one.store.persons == EVERYBODY:
        numbers = np.arange(len(people), dtype=np.int64)
    elif one.persons is not None:
        numbers, strangers = _numbers(one.persons, people, key)
    of_content: dict[str, int] = {}
    if one.content is not None and scan is not None:
        for row in scan(one.content).select(["person_id", "kinds", "state"]).to_pylist():
            if row["state"] != "review":
                of_content[row["person_id"]] = mask_of(row["kinds"])
    return numbers, strangers, of_content


def _named(one: Reached, people: People, key: bytes) -> tuple[Any, list[str]]:
    """Persons whom the intruder's acts name: a row that was asked for, a file with a customer number in its name."""
    if not one.objects:
        return np.zeros(0, np.int64), []
    from amanat.scope.identifier import identifiers

    scanner = Scanner(key, members={**identifiers(), **people.learned} if people.learned else None, regions=people.regions, now=None)
    found = scanner.scan(records_of(one.objects))
    strong = np.array([member.is_strong for member in scanner.members.values()])
    register = register_of(people)
    email = scanner.names.index("email")
    numbers, others = set[int](), set[str]()
    for each, identifier in zip(found.key, found.identifier, strict=True):
        if not strong[identifier]:
            continue
        low, high = find(register, each)
        numbers |= set(people.persons[low:high].tolist())
        if low == high and identifier == email and one.store.kind != "mailbox":
            others.add(outsider_id(each, *scanner.key_words))
    return np.array(sorted(numbers), np.int64), sorted(others)


def _numbers(path: Path, people: People, key: bytes) -> tuple[Any, list[str | None]]:
    """Numbers of the register's persons in a list, and ids of the others (None: nothing but an unknown person_id)."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        columns = next(csv.reader(file), [])
    if "person_id" in columns:
        rows = people.row_of([row["person_id"].strip() for row in read_rows(path, ("person_id",))])
        return rows[rows >= 0], [None] * int((rows < 0).sum())
    if "email" not in columns:
        raise BadAccess(f"{path}: has neither a column person_id nor email; add one of them")
    scanner = Scanner(key, regions=people.regions, now=None)
    emails = [row["email"].strip() for row in read_rows(path, ("email",))]
    found = scanner.scan(records_of(emails))
    keys = found.key[found.identifier == scanner.names.index("email")]
    register = register_of(people)
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
