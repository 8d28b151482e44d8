"""Sample: passages of the stolen files and links to persons, drawn at random for a person to check.

A passage is a record, or 2,000 characters of a longer one. Each has a priority that follows from the seed and its place, and those with the
smallest are drawn: the draw is uniform within its stratum and the same whatever the order of files or the number of processes.
"""

import heapq
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from amanat.lib.progress import Progress, silent
from amanat.scope.bound import shares_of
from amanat.scope.identifier import identifiers
from amanat.scope.live import LIVE_UNITS, read_database
from amanat.scope.people import People
from amanat.scope.read import read_units
from amanat.terms.finding import Gap

PASSAGE = 2000  # characters: what a person can check at one look
PASSAGES = {
    "linked": "passages with a value of somebody in the register",
    "found": "passages with findings that are in no register",
    "empty": "passages in which nothing was found",
}
LINKS = {
    "by key": "persons recognised by a contact, a number or an account",
    "by name": "persons recognised by their name with a birth date or address only",
}
_EMPTY, _FOUND, _LINKED = 0, 1, 2
_ROOM = 1 << 20  # passages of one record, at the most, that can be told apart


@dataclass(slots=True, kw_only=True)
class Item:
    """One thing to check."""

    ask: str  # missed | link
    stratum: str
    path: str
    place: str = ""
    record: int
    passage: int
    labels: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    marks: list[tuple[int, int, str]] = field(default_factory=list)
    person_id: str = ""  # of a link
    same: tuple[str, ...] = ()  # identifiers that are the same as in the register
    named: list[str] = field(default_factory=list)  # persons whose values amanat found here


@dataclass(slots=True, kw_only=True)
class Drawn:
    """The sample, and the sizes of what it was drawn from."""

    items: list[Item]
    n_all: dict[str, int]  # by stratum
    n_unplaced: int  # sure persons of whom no place was kept: no link of theirs can be checked
    n_bytes: dict[str, int]  # read, by the path of the file on disk
    gaps: list[Gap]


class Found:
    """What the scan found, by path: which passages hold findings, and whose."""

    def __init__(self, findings: Path, people: People) -> None:
        self._file, self._people = pq.ParquetFile(findings), people
        strong = [name for name, member in {**identifiers(), **people.learned}.items() if member.is_strong]
        self._strong = pa.array(strong, pa.string())
        parts: dict[str, list[Any]] = {}
        for group in range(self._file.num_row_groups):
            table = self._file.read_row_group(group, columns=["path", "record", "start", "identifier", "key"])
            code = table["record"].to_numpy() * _ROOM + table["start"].to_numpy() // PASSAGE
            is_linked = self._knows(table["key"].to_numpy()) & pc.is_in(table["identifier"], value_set=self._strong).to_numpy()
            paths = table["path"].combine_chunks().dictionary_encode()
            number = paths.indices.to_numpy()
            for i, path in enumerate(paths.dictionary.to_pylist()):
                here = number == i
                parts.setdefault(path, []).append(np.unique(code[here] * 2 + is_linked[here]))
        self._codes = {path: np.unique(np.concatenate(codes)) for path, codes in parts.items()}

    def status(self, path: str, code: Any) -> Any:
        """[n] of each passage: nothing, something, or somebody of the register."""
        known = self._codes.get(path)
        if known is None:
            return np.full(len(code), _EMPTY, np.int8)
        # Where a passage has both kinds of findings, its linked one is the later of the two.
        at = np.searchsorted(known, code * 2, side="left")
        safe = np.minimum(at, len(known) - 1)
        has = (at < len(known)) & (known[safe] // 2 == code)
        after = np.minimum(at + 1, len(known) - 1)
        is_linked = has & ((known[safe] % 2 == 1) | (known[after] == code * 2 + 1))
        return np.where(is_linked, _LINKED, np.where(has, _FOUND, _EMPTY)).astype(np.int8)

    def _knows(self, keys: Any) -> Any:
        known = self._people.keys
        if not len(known):
            return np.zeros(len(keys), bool)
        return known[np.minimum(np.searchsorted(known, keys), len(known) - 1)] == keys

    def persons_of(self, key: int) -> Any:
        """Numbers of the persons who have a key."""
        at = int(np.searchsorted(self._people.keys, np.uint64(key)))
        if at >= len(self._people.keys) or self._people.keys[at] != np.uint64(key):
            return np.zeros(0, np.int32)
        return self._people.persons[self._people.first[at] : self._people.first[at + 1]]

    def of_records(self, wanted: dict[str, set[int]]) -> dict[tuple[str, int], list[dict[str, Any]]]:
        """The findings of these records, by path and record."""
        found: dict[tuple[str, int], list[dict[str, Any]]] = {}
        names = pa.array(list(wanted), pa.string())
        every = pa.array(sorted({record for records in wanted.values() for record in records}), pa.int64())
        for group in range(self._file.num_row_groups):
            table = self._file.read_row_group(group, columns=["path", "record", "start", "end", "kind", "identifier", "key"])
            table = table.filter(pc.and_(pc.is_in(table["path"], value_set=names), pc.is_in(table["record"], value_set=every)))
            for row in table.to_pylist():
                if row["record"] in wanted[row["path"]]:
                    found.setdefault((row["path"], row["record"]), []).append(row)
        return found


def draw(
    case: Path,
    files: Sequence[Path],
    people: People,
    *,
    n: int,
    seed: int,
    passwords: Sequence[str] = (),
    databases: Sequence[Path] = (),
    workers: int = 2,
    progress: Progress = silent,
) -> Drawn:
    """About half of `n` passages (was somebody missed?) and half links (is it really this person?). Reads files and databases once more."""
    found = Found(case / "findings.parquet", people)
    links, n_all, n_unplaced = _links(case, people, n // 2, seed)
    wanted: dict[str, set[int]] = {}
    for item in links:
        wanted.setdefault(item.path, set()).add(item.record)
    where = found.of_records(wanted) if wanted else {}
    for item in links:
        rows = where.get((item.path, item.record), [])
        number = int(people.row_of([item.person_id])[0])
        mine = [row["start"] for row in rows if number in found.persons_of(row["key"])]
        item.passage = min(mine, default=0) // PASSAGE
    spots: dict[tuple[str, int], list[Item]] = {}
    for item in links:
        spots.setdefault((item.path, item.record), []).append(item)

    heaps: dict[str, list[tuple[int, int, Item]]] = {name: [] for name in PASSAGES}
    counts, n_bytes, gaps = dict.fromkeys(PASSAGES, 0), dict[str, int](), list[Gap]()
    n_passages = n - n // 2
    counter = count()  # two folders may hold the same path: whichever comes first
    live = [read_database(database, unit=LIVE_UNITS + number) for number, database in enumerate(databases)]
    for batch in chain(read_units(files, passwords=passwords, workers=workers, progress=progress), *live):
        if isinstance(batch, Gap):
            gaps.append(batch)
            continue
        home = batch.path.split("!/")[0]
        n_bytes[home] = n_bytes.get(home, 0) + batch.n_bytes
        records = batch.records
        lengths = pc.utf8_length(records.column("text")).to_numpy()
        pieces = -(-lengths // PASSAGE)
        row = np.repeat(np.arange(records.num_rows), pieces)
        passage = np.arange(len(row)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        number = records.column("record").to_numpy()[row]
        status = found.status(batch.path, number * _ROOM + passage)
        priority = _priority(seed, batch.path, number, passage)
        for code, name in ((_LINKED, "linked"), (_FOUND, "found"), (_EMPTY, "empty")):
            those = np.flatnonzero(status == code)
            counts[name] += len(those)
            heap = heaps[name]
            # Only what is smaller than the largest kept so far can still be drawn.
            most = -heap[0][0] if len(heap) >= n_passages else 1 << 64
            near = those[priority[those] < most] if most < 1 << 64 else those
            for at in near[np.argsort(priority[near], kind="stable")][:n_passages].tolist():
                if len(heap) >= n_passages and int(priority[at]) >= -heap[0][0]:
                    break
                item = _item("missed", name, batch.path, records, int(row[at]), int(passage[at]))
                entry = (-int(priority[at]), next(counter), item)
                (heapq.heappushpop if len(heap) >= n_passages else heapq.heappush)(heap, entry)  # type: ignore[operator]
        if any(path == batch.path for path, _ in spots):
            first, last = int(records.column("record")[0].as_py()), int(records.column("record")[-1].as_py())
            for (path, record), items in spots.items():
                if path == batch.path and first <= record <= last:
                    for item in items:
                        got = _item("link", item.stratum, path, records, record - first, item.passage)
                        item.place, item.labels, item.text = got.place, got.labels, got.text
    sizes = [counts[name] for name in PASSAGES]
    items = [item for item in links if item.text]
    for name, share in zip(PASSAGES, shares_of(sizes, n_passages), strict=True):
        items += [item for _, _, item in sorted(heaps[name], key=lambda entry: -entry[0])[:share]]
    _mark(items, found, people)
    order = np.random.default_rng(seed).permutation(len(items))
    return Drawn(items=[items[i] for i in order], n_all=counts | n_all, n_unplaced=n_unplaced, n_bytes=n_bytes, gaps=gaps)


def _item(ask: str, stratum: str, path: str, records: pa.RecordBatch, row: int, passage: int) -> Item:
    text = records.column("text")[row].as_py()
    return Item(
        ask=ask,
        stratum=stratum,
        path=path,
        place=records.column("place")[row].as_py() or "",
        record=records.column("record")[row].as_py(),
        passage=passage,
        # A part of a long row does not hold all of its fields.
        labels=(records.column("labels")[row].as_py() or "") if len(text) <= PASSAGE else "",
        text=text[passage * PASSAGE : (passage + 1) * PASSAGE],
    )


def _links(case: Path, people: People, n: int, seed: int) -> tuple[list[Item], dict[str, int], int]:
    exposures = pq.read_table(case / "exposures.parquet", columns=["person_id", "state", "basis"])
    is_sure = pc.and_(pc.equal(exposures["state"], "sure"), pc.equal(exposures["basis"], "content"))
    sure = exposures["person_id"].filter(is_sure).combine_chunks()
    places = pq.read_table(case / "places.parquet", columns=["person_id", "path", "record", "same"])
    who = pc.index_in(places["person_id"], value_set=sure).combine_chunks().fill_null(-1).to_numpy()
    same = places["same"].combine_chunks()
    strong = pa.array([name for name, m in {**identifiers(), **people.learned}.items() if m.is_strong], pa.string())
    has_strong = np.zeros(len(places), bool)
    has_strong[pc.list_parent_indices(same).filter(pc.is_in(pc.list_flatten(same), value_set=strong)).to_numpy()] = True
    is_placed, by_key = np.zeros(len(sure), bool), np.zeros(len(sure), bool)
    is_placed[who[who >= 0]] = True
    by_key[who[(who >= 0) & has_strong]] = True
    strata = {"by key": np.flatnonzero(is_placed & by_key), "by name": np.flatnonzero(is_placed & ~by_key)}
    n_all = {name: len(rows) for name, rows in strata.items()}
    items = []
    for (name, rows), share in zip(strata.items(), shares_of(list(n_all.values()), n), strict=True):
        order = np.argsort(_priority(seed, name, rows, np.zeros(len(rows), np.int64)), kind="stable")
        for number in rows[order[:share]].tolist():
            mine = np.flatnonzero(who == number)
            at = int(mine[int(_priority(seed, "place", np.array([number]), np.zeros(1, np.int64))[0]) % len(mine)])
            place = places.slice(at, 1).to_pylist()[0]
            items.append(
                Item(
                    ask="link",
                    stratum=name,
                    path=place["path"],
                    record=place["record"],
                    passage=0,
                    person_id=place["person_id"],
                    same=tuple(place["same"]),
                )
            )
    return items, n_all, int((~is_placed).sum())


def _mark(items: Sequence[Item], found: Found, people: People) -> None:
    """Notes what was found in each item, and of whom."""
    wanted: dict[str, set[int]] = {}
    for item in items:
        wanted.setdefault(item.path, set()).add(item.record)
    rows = found.of_records(wanted)
    for item in items:
        begin, named = item.passage * PASSAGE, dict[int, None]()
        for row in rows.get((item.path, item.record), []):
            if begin <= row["start"] < begin + PASSAGE:
                item.marks.append((row["start"] - begin, min(row["end"] - begin, PASSAGE), row["kind"] or row["identifier"]))
                persons = found.persons_of(row["key"])
                if len(persons) == 1:
                    named.setdefault(int(persons[0]))
        item.named = [people.ids[number].as_py() for number in list(named)[:10]]


def _priority(seed: int, path: str, number: Any, passage: Any) -> Any:
    """[n] numbers that look random and follow from the place alone (the finaliser of SplitMix64, Steele, Lea, Flood 2014)."""
    home = (zlib.crc32(path.encode()) << 32 | zlib.adler32(path.encode())) + seed * 0x165667B19E3779F9
    x = number.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + passage.astype(np.uint64) * np.uint64(0xC2B2AE3D27D4EB4F)
    x ^= np.uint64(home % (1 << 64))
    for shift, by in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(by)
    return x ^ (x >> np.uint64(31))
