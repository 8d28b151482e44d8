"""Places: where in the stolen files a person was seen, by what, and what else stands there; never a value.

A reviewer finds the record again with it and weighs what speaks for and against; for everybody else it says where to look.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from amanat.scope.identifier import identifiers
from amanat.scope.people import People

PLACES_MAX = 5  # of one person: enough to judge by, and bounded for the cashier whose name stands on every receipt
SHARERS_MAX = 50  # a key of more persons than this points to nobody
PLACES = pa.schema(
    [
        ("person_id", pa.string()),
        ("path", pa.string()),
        ("place", pa.string()),
        ("record", pa.int64()),
        ("same", pa.list_(pa.string())),  # identifiers whose values there are the person's in the register
        ("other", pa.list_(pa.string())),  # identifiers of one person whose values there are not theirs
    ]
)


def write_places(findings: Path, people: People, exposures: pa.Table, links: pa.Table, out: Path) -> None:
    """Writes PLACES of everybody in the exposures who is in the register, some for each person, in the order of the files.

    Whom no key names is seen where LINKS say so: what agrees there is alike, not the same.
    """
    n_seen = np.full(len(people), PLACES_MAX, np.int16)
    rows = people.row_of(exposures.column("person_id").to_pylist())
    n_seen[rows[rows >= 0]] = 0
    file = pq.ParquetFile(findings)
    with pq.ParquetWriter(out, PLACES, compression="zstd", compression_level=1) as writer:
        for number in range(file.num_row_groups):
            found = _places(file.read_row_group(number, columns=["path", "place", "record", "identifier", "key"]), people, n_seen)
            if found.num_rows:
                writer.write_table(found)
        alike = _alike(links, people, n_seen)
        if alike.num_rows:
            writer.write_table(alike)


_ALIKE = {"name": "person_name", "birth_date": "birth_date", "address": "postal_address", "part_of_the_address": "postal_address"}


def _alike(links: pa.Table, people: People, n_seen: Any) -> pa.Table:
    """PLACES of those who were seen by likeness only."""
    rows = people.row_of(links.column("person_id").to_pylist()) if links.num_rows else np.zeros(0, np.int64)
    links = links.filter(pa.array(n_seen[rows] == 0) if len(rows) else pa.array([], pa.bool_()))
    count: dict[str, int] = {}
    kept = []
    for row in links.to_pylist():
        count[row["person_id"]] = count.get(row["person_id"], 0) + 1
        if count[row["person_id"]] <= PLACES_MAX:
            names = ("name" if reason.startswith("name_") else reason.removesuffix("_with_a_mistake") for reason in row["reasons"])
            kept.append(row | {"same": sorted({_ALIKE[name] for name in names if name in _ALIKE}), "other": []})
    return pa.Table.from_pylist([{name: row[name] for name in PLACES.names} for row in kept], schema=PLACES)


def _places(findings: pa.Table, people: People, n_seen: Any) -> pa.Table:
    """PLACES in one batch of findings, and `n_seen` [n persons] counted on."""
    key = findings.column("key").to_numpy()
    row, person = _matches(key, people)
    wanted = n_seen[person] < PLACES_MAX
    row, person = row[wanted], person[wanted]
    if not len(row):
        return PLACES.empty_table()
    # A batch is one file, so that a record's number and its place tell it from the others.
    place = findings.column("place").combine_chunks().dictionary_encode()
    record = findings.column("record").to_numpy()
    where = place.indices.to_numpy(zero_copy_only=False).astype(np.int64) * (int(record.max()) + 1) + record
    spots, spot = np.unique(where[row], return_inverse=True)
    pairs, first, member = np.unique(person.astype(np.int64) * len(spots) + spot, return_index=True, return_inverse=True)
    who = pairs // len(spots)
    order = np.lexsort((row[first], who))
    rank = np.arange(len(order)) - np.searchsorted(who[order], who[order])
    kept = order[rank + n_seen[who[order]] < PLACES_MAX]
    np.add.at(n_seen, who[kept], 1)

    name = findings.column("identifier").to_numpy(zero_copy_only=False)
    personal = {n for n, member_ in {**identifiers(), **people.learned}.items() if member_.is_strong}
    same: dict[int, set[str]] = {int(k): set() for k in kept}
    mine: dict[int, set[int]] = {int(k): set() for k in kept}
    for pair, at in zip(member.tolist(), row.tolist(), strict=True):
        if pair in same:
            same[pair].add(name[at])
            mine[pair].add(at)
    at_kept = spots[pairs[kept] % len(spots)]
    near = np.flatnonzero(np.isin(where, at_kept))
    near = near[np.argsort(where[near], kind="stable")]
    begins, ends = (np.searchsorted(where[near], at_kept, side=side) for side in ("left", "right"))
    others = [
        sorted({name[at] for at in near[b:e].tolist() if at not in mine[int(k)] and name[at] in personal})
        for k, b, e in zip(kept, begins, ends, strict=True)
    ]
    rows = pa.array(row[first[kept]])
    return pa.table(
        [
            people.ids.take(pa.array(who[kept])).cast(pa.string()),
            *(findings.column(column).take(rows) for column in ("path", "place", "record")),
            pa.array([sorted(same[int(k)]) for k in kept], pa.list_(pa.string())),
            pa.array(others, pa.list_(pa.string())),
        ],
        schema=PLACES,
    )


def _matches(key: Any, people: People) -> tuple[Any, Any]:
    """Finding and person, wherever a finding's key is a person's in the register."""
    if not len(people.keys):
        return np.zeros(0, np.int64), np.zeros(0, np.int32)
    at = np.minimum(np.searchsorted(people.keys, key), len(people.keys) - 1)
    n = np.where(people.keys[at] == key, people.first[at + 1] - people.first[at], 0)
    n[n > SHARERS_MAX] = 0
    row = np.repeat(np.arange(len(key)), n)
    step = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
    return row, people.persons[np.repeat(people.first[at], n) + step]
