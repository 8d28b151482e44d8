"""Places: where in the stolen files a person was seen, by what, and what else stands there; never a value. Outsiders too.

A reviewer finds the record again with it and weighs what speaks for and against; for everybody else it says where to look.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from amanat.scope.identifier import identifiers
from amanat.scope.lookup import holders
from amanat.scope.outsiders import outsider_numbers
from amanat.scope.people import People
from amanat.scope.siphash import key_words

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


def write_places(findings: Path, people: People, exposures: pa.Table, links: pa.Table, out: Path, *, parts: pa.Table, key: bytes) -> None:
    """Writes PLACES of everybody in the exposures, some for each person, in the order of the files.

    Whom no key names is seen where LINKS say so: what agrees there is alike, not the same. Outsiders are seen where one of the keys that make
    them stands; who is known by a name and a birth date or address alone has no place here.

    Args:
        parts: PARTS of the outsiders.
        key: the run's key, from which their numbers are made.
    """
    outside = _Outside.of(parts, key)
    n_seen = np.full(len(people), PLACES_MAX, np.int16)
    rows = people.row_of(exposures.column("person_id"))
    n_seen[rows[rows >= 0]] = 0
    file = pq.ParquetFile(findings)
    with pq.ParquetWriter(out, PLACES, compression="zstd", compression_level=1) as writer:
        for number in range(file.num_row_groups):
            found = _places(file.read_row_group(number, columns=["path", "place", "record", "identifier", "key"]), people, n_seen)
            if found.num_rows:
                writer.write_table(found)
        for number in range(file.num_row_groups if len(outside.numbers) else 0):
            found = outside.places(file.read_row_group(number, columns=["path", "place", "record", "identifier", "key"]))
            if found.num_rows:
                writer.write_table(found)
        alike = _alike(links, people, n_seen)
        if alike.num_rows:
            writer.write_table(alike)


@dataclass(slots=True)
class _Outside:
    """Whose each key is, of those who are not in the register."""

    numbers: Any  # [n parts] uint64, sorted
    person: Any  # [n parts] into `ids`
    ids: pa.Array
    n_seen: Any  # [n persons]
    key_words: tuple[Any, Any]

    @classmethod
    def of(cls, parts: pa.Table, key: bytes) -> "_Outside":
        whose = parts.column("person_id").combine_chunks().dictionary_encode()
        numbers = np.array([int(part[4:], 16) for part in parts.column("part").to_pylist()], np.uint64)
        order = np.argsort(numbers)
        person = whose.indices.to_numpy(zero_copy_only=False)[order]
        return cls(numbers[order], person, whose.dictionary, np.zeros(len(whose.dictionary), np.int64), tuple(key_words(key))[:2])

    def places(self, findings: pa.Table) -> pa.Table:
        """PLACES in one batch of findings, and `n_seen` counted on."""
        number = outsider_numbers(findings.column("key").to_numpy(), *self.key_words)
        at = np.minimum(np.searchsorted(self.numbers, number), len(self.numbers) - 1)
        row = np.flatnonzero(self.numbers[at] == number)
        if not len(row):
            return PLACES.empty_table()
        person = self.person[at[row]]
        spot = _spots(findings)[row]
        _, first, member = np.unique(np.stack([person, spot]), axis=1, return_index=True, return_inverse=True)
        order = np.lexsort((row[first], person[first]))
        who = person[first][order]
        rank = np.arange(len(order)) - np.searchsorted(who, who)
        kept = order[rank + self.n_seen[who] < PLACES_MAX]
        if not len(kept):
            return PLACES.empty_table()
        np.add.at(self.n_seen, person[first[kept]], 1)
        names = findings.column("identifier").combine_chunks().dictionary_encode()
        alphabet, code = np.unique(np.array(names.dictionary.to_pylist(), object), return_inverse=True)
        code = code[names.indices.to_numpy(zero_copy_only=False)][row]
        list_of = np.full(len(first), -1, np.int64)
        list_of[kept] = np.arange(len(kept))
        mine = list_of[member.ravel()] >= 0
        rows = pa.array(row[first[kept]])
        return pa.table(
            [
                self.ids.take(pa.array(person[first[kept]])).cast(pa.string()),
                *(findings.column(column).take(rows) for column in ("path", "place", "record")),
                _lists(list_of[member.ravel()][mine], code[mine], len(kept), alphabet),
                pa.array([[]] * len(kept), pa.list_(pa.string())),
            ],
            schema=PLACES,
        )


_ALIKE = {"name": "person_name", "birth_date": "birth_date", "address": "postal_address", "part_of_the_address": "postal_address"}


def _alike(links: pa.Table, people: People, n_seen: Any) -> pa.Table:
    """PLACES of those who were seen by likeness only."""
    rows = people.row_of(links.column("person_id")) if links.num_rows else np.zeros(0, np.int64)
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
    where = _spots(findings)
    spots, spot = np.unique(where[row], return_inverse=True)
    pairs, first, member = np.unique(person.astype(np.int64) * len(spots) + spot, return_index=True, return_inverse=True)
    who = pairs // len(spots)
    order = np.lexsort((row[first], who))
    rank = np.arange(len(order)) - np.searchsorted(who[order], who[order])
    kept = order[rank + n_seen[who[order]] < PLACES_MAX]
    np.add.at(n_seen, who[kept], 1)

    names = findings.column("identifier").combine_chunks().dictionary_encode()
    alphabet, code = np.unique(np.array(names.dictionary.to_pylist(), object), return_inverse=True)
    code = code[names.indices.to_numpy(zero_copy_only=False)]
    personal = {n for n, member_ in {**identifiers(), **people.learned}.items() if member_.is_strong}
    number = np.full(len(pairs), -1, np.int64)
    number[kept] = np.arange(len(kept))
    is_kept = number[member] >= 0
    of_kept, mine = number[member[is_kept]], row[is_kept]
    same = _lists(of_kept, code[mine], len(kept), alphabet)
    at_kept = spots[pairs[kept] % len(spots)]
    near = np.flatnonzero(np.isin(where, at_kept) & np.isin(code, np.flatnonzero(np.isin(alphabet, list(personal)))))
    near = near[np.argsort(where[near], kind="stable")]
    begins, ends = (np.searchsorted(where[near], at_kept, side=side) for side in ("left", "right"))
    n_near = ends - begins
    beside = np.repeat(np.arange(len(kept)), n_near)
    theirs = near[np.repeat(begins, n_near) + np.arange(len(beside)) - np.repeat(np.cumsum(n_near) - n_near, n_near)]
    is_other = ~np.isin(beside * len(key) + theirs, of_kept * len(key) + mine)
    other = _lists(beside[is_other], code[theirs[is_other]], len(kept), alphabet)
    rows = pa.array(row[first[kept]])
    return pa.table(
        [
            people.ids.take(pa.array(who[kept])).cast(pa.string()),
            *(findings.column(column).take(rows) for column in ("path", "place", "record")),
            same,
            other,
        ],
        schema=PLACES,
    )


def _spots(findings: pa.Table) -> Any:
    """[n] int64: a number for each record in which findings stand; records of one file and place stand side by side."""
    spots = np.zeros(findings.num_rows, np.int64)
    for column in ("path", "place"):
        coded = findings.column(column).combine_chunks().dictionary_encode()
        spots = spots * len(coded.dictionary) + coded.indices.to_numpy(zero_copy_only=False)
    record = findings.column("record").to_numpy()
    return spots * (int(record.max()) + 1) + record


def _lists(number: Any, code: Any, n: int, words: Any) -> pa.Array:
    """[n] lists of words, each word once and in the order of their codes: word `code[i]` belongs to list `number[i]`."""
    number, code = np.divmod(np.unique(number * max(len(words), 1) + code), max(len(words), 1))
    offsets = np.searchsorted(number, np.arange(n + 1)).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), pa.array(words[code], pa.string()))


def _matches(key: Any, people: People) -> tuple[Any, Any]:
    """Finding and person, wherever a finding's key is a person's in the register."""
    low, high = holders(people, key)
    n = high - low
    n[n > SHARERS_MAX] = 0
    row = np.repeat(np.arange(len(key)), n)
    step = np.arange(len(row)) - np.repeat(np.cumsum(n) - n, n)
    return row, people.persons[np.repeat(low, n) + step]
