"""Hits: what was found in the files read so far, kept on disk, so that a run can stop anywhere and go on, and one more file costs only itself.

Batches of records are kept in parts of about 16 MB of files: what stands in them, whose each record is, and no value. A part
is written whole, then named in `parts.jsonl`; what is not named there does not count and is done again. Hits are good for one register, one key, one
company and one version of this program: anything else begins anew and removes them.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import amanat
from amanat.scope.judged import Judged
from amanat.scope.people import People
from amanat.scope.read import File
from amanat.scope.scan import Found
from amanat.scope.unsettled import Links, Named
from amanat.terms.finding import Gap

PART_BYTES = 16 << 20
_CANDIDATE = {
    "start": pa.int32(),
    "end": pa.int32(),
    "identifier": pa.int16(),
    "flags": pa.uint8(),
    "key": pa.uint64(),
    "belief": pa.float32(),
    "field": pa.int32(),
}
_PERSON = {"person": pa.int32(), "belief": pa.float32()}
_LINK = {"person": pa.int32(), "probability": pa.float64(), "is_sure": pa.bool_(), "why": pa.int32()}


def _several(columns: dict[str, pa.DataType]) -> pa.DataType:
    return pa.large_list(pa.struct(list(columns.items())))


# One row for each record in which something was found.
HITS = pa.schema(
    [
        ("place", pa.string()),
        ("number", pa.int64()),
        ("is_free_text", pa.uint8()),
        ("found", _several(_CANDIDATE)),
        ("sure", _several(_PERSON)),
        ("review", _several(_PERSON)),
        ("links", _several(_LINK)),
    ]
)


@dataclass(slots=True)
class _Entry:
    """One batch that is kept: in which part, as which batch of it, and what is counted of it."""

    part: int
    at: int
    path: str
    n_bytes: int
    n_records: int
    n_compared: int
    n_capped: int


@dataclass(slots=True)
class _Kept:
    """What is kept of one file."""

    batches: dict[int, _Entry] = field(default_factory=dict)
    gaps: list[Gap] | None = None  # None: it was not read to its end


class Hits:
    """The hits of one case. `file` is a File of `read_units`, by path, size and time of change."""

    def __init__(self, folder: Path, run: str) -> None:
        """`run` says for what hits are good, as by `run_key`; those for anything else are removed."""
        for other in folder.glob("*"):
            if other.name != run:
                shutil.rmtree(other, ignore_errors=True)
        self._folder = folder / run
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._list = self._folder / "parts.jsonl"
        self._kept: dict[str, _Kept] = {}
        self._n_parts = 0
        self._load()
        self._seen: dict[str, _Kept] = {}  # files of this run, by path
        self._gaps: dict[str, list[Gap]] = {}
        self._loose: list[Gap] = []
        self._pending: list[tuple[dict[str, Any], pa.RecordBatch | None]] = []
        self._pending_bytes = 0
        self.n_kept = 0  # files that were not read again

    def _load(self) -> None:
        if not self._list.exists():
            return
        whole = self._list.read_bytes()
        good = 0
        for line in whole.splitlines(keepends=True):
            try:
                entry = json.loads(line)
            except ValueError:
                break
            if not line.endswith(b"\n"):
                break
            good += len(line)
            self._note(entry)
        if good < len(whole):  # the program was ended while it wrote
            with self._list.open("r+b") as file:
                file.truncate(good)

    def _note(self, entry: dict[str, Any]) -> None:
        kept = self._kept.setdefault(entry.pop("file"), _Kept())
        if "gaps" in entry:
            kept.gaps = [Gap(**gap) for gap in entry["gaps"]]
        else:
            number = entry.pop("batch")
            kept.batches[number] = _Entry(**entry)
            self._n_parts = max(self._n_parts, entry["part"] + 1)

    # --- while reading ---------------------------------------------------------------------------------------------

    def leave(self, file: File) -> bool:
        """Whether a file need not be read, because all of it is kept. Called once for each file of the run."""
        kept = self._kept.setdefault(_name(file), _Kept())
        self._seen[file.path] = kept
        self.n_kept += kept.gaps is not None
        return kept.gaps is not None

    def has(self, file: File, number: int) -> bool:
        """Whether this batch of a file is kept."""
        return number in self._seen[file.path].batches

    def add(self, file: File, number: int, judged: Judged) -> None:
        """Keeps a batch."""
        entry = {"file": _name(file), "batch": number, "path": judged.path, "n_bytes": judged.n_bytes, "n_records": judged.n_records}
        entry |= {"n_compared": judged.links.n_compared, "n_capped": judged.links.n_capped}
        self._pending.append((entry, _encoded(judged)))
        self._pending_bytes += judged.n_bytes
        if self._pending_bytes >= PART_BYTES:
            self.flush()

    def gap(self, gap: Gap) -> None:
        """Notes a gap; it is kept with its file, if that is read to its end."""
        at = gap.path
        while at not in self._seen and "!/" in at:
            at = at.rpartition("!/")[0]
        if at in self._seen:
            self._gaps.setdefault(at, []).append(gap)
        else:
            self._loose.append(gap)

    def done(self, file: File) -> None:
        """A file was read to its end."""
        self._pending.append(({"file": _name(file), "gaps": [asdict(gap) for gap in self._gaps.pop(file.path, [])]}, None))

    def flush(self) -> None:
        """Writes what is pending as a part."""
        if not self._pending:
            return
        batches = [batch for _, batch in self._pending if batch is not None]
        part = self._n_parts
        if batches:
            path = self._folder / f"{part:06}.arrow"
            options = pa.ipc.IpcWriteOptions(compression="zstd")
            with path.with_suffix(".part").open("wb") as sink:
                with pa.ipc.new_file(sink, HITS, options=options) as writer:
                    for batch in batches:
                        writer.write_batch(batch)
                sink.flush()
                os.fsync(sink.fileno())
            path.with_suffix(".part").rename(path)
        at = 0
        lines = []
        for entry, batch in self._pending:
            if batch is not None:
                entry |= {"part": part, "at": at}
                at += 1
            lines.append(json.dumps(entry, ensure_ascii=False))
            self._note(entry)
        with self._list.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._pending, self._pending_bytes = [], 0

    # --- afterwards ------------------------------------------------------------------------------------------------

    def gaps(self) -> list[Gap]:
        """All gaps of the files of this run."""
        kept = [gap for file in self._seen.values() for gap in file.gaps or []]
        return sorted([*kept, *self._loose, *(gap for gaps in self._gaps.values() for gap in gaps)], key=lambda gap: (gap.path, gap.reason))

    def judged(self) -> Iterator[Judged]:
        """Everything kept of the files of this run, in the order of their paths, whatever the order in which they were read."""
        opened: dict[int, Any] = {}
        for unit, path in enumerate(sorted(self._seen)):
            for _, entry in sorted(self._seen[path].batches.items()):
                if entry.part not in opened:
                    if len(opened) >= 8:
                        opened.pop(next(iter(opened)))
                    opened[entry.part] = pa.ipc.open_file(pa.memory_map(str(self._folder / f"{entry.part:06}.arrow")))
                yield _decoded(unit, entry, opened[entry.part].get_batch(entry.at))


def _name(file: File) -> str:
    return f"{file.size}:{file.changed_ns}:{file.path}"


def run_key(people: People, key: bytes, own_domains: tuple[str, ...], year: int, options: str) -> str:
    """For what hits are good: everything on which they depend beside the files, as 16 hexadecimal digits."""
    digest = hashlib.blake2b(key=key[:64], digest_size=8)
    digest.update(repr((amanat.__version__, sorted(own_domains), year, options, people.regions, sorted(people.learned.items()), _program())).encode())
    digest.update("\n".join(people.words).encode())
    known = people.known
    for array in (people.keys, people.first, people.persons, people.name, people.birth, people.address, known.name_from, known.name_words):
        digest.update(np.ascontiguousarray(array).data)
    for array in (known.birth, known.address_from, known.address_words):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


@cache
def _program() -> str:
    """Of every file of this stage."""
    from amanat.scope.identifier import identifiers

    digest = hashlib.blake2b(repr(sorted(identifiers().items())).encode(), digest_size=16)
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _lists(record: Any, rows: Any, columns: dict[str, pa.DataType], arrays: list[Any]) -> pa.Array:
    """[len(rows)] lists of structs, from arrays that are sorted by record."""
    offsets = np.r_[np.searchsorted(record, rows, "left"), np.searchsorted(record, rows[-1:], "right")].astype(np.int64)
    lo, hi = (int(offsets[0]), int(offsets[-1])) if len(rows) else (0, 0)
    structs = pa.StructArray.from_arrays([pa.array(a[lo:hi], kind) for a, kind in zip(arrays, columns.values(), strict=True)], list(columns))
    return pa.LargeListArray.from_arrays(pa.array(offsets - lo if len(rows) else np.zeros(1, np.int64)), structs)


def _encoded(judged: Judged) -> pa.RecordBatch:
    """The records of a batch in which something stands."""
    found, persons, links = judged.found, judged.persons, judged.links
    rows = np.unique(found.record)
    at = pa.array(rows)

    def only(record: Any, *arrays: Any) -> tuple[Any, ...]:
        stays = np.isin(record, rows)
        return record[stays], [array[stays] for array in arrays]

    n = len(judged.is_free_text)
    sure_of, sure = only(np.repeat(np.arange(n), np.diff(persons.sure_from)), persons.sure[: persons.sure_from[-1]], persons.sure_belief)
    review_of, review = only(np.repeat(np.arange(n), np.diff(persons.review_from)), persons.review[: persons.review_from[-1]], persons.review_belief)
    link_of, link = only(links.record, links.person, links.probability, links.is_sure, links.why)
    candidates = [found.start, found.end, found.identifier, found.flags, found.key, found.belief, found.field]
    return pa.RecordBatch.from_arrays(
        [
            judged.place.take(at),
            judged.number.take(at),
            pa.array(judged.is_free_text[rows]),
            _lists(found.record, rows, _CANDIDATE, candidates),
            _lists(sure_of, rows, _PERSON, sure),
            _lists(review_of, rows, _PERSON, review),
            _lists(link_of, rows, _LINK, link),
        ],
        schema=HITS,
    )


def _apart(column: pa.Array) -> tuple[Any, list[Any]]:
    """Offsets and columns of lists of structs."""
    offsets = column.offsets.to_numpy()
    values = column.flatten()
    return offsets - offsets[0], [np.array(values.field(i).to_numpy(zero_copy_only=False)) for i in range(values.type.num_fields)]


def _decoded(unit: int, entry: _Entry, batch: pa.RecordBatch) -> Judged:
    found_from, found = _apart(batch.column("found"))
    sure_from, sure = _apart(batch.column("sure"))
    review_from, review = _apart(batch.column("review"))
    link_from, link = _apart(batch.column("links"))
    rows = np.arange(batch.num_rows)
    start, end, identifier, flags, key, belief, place = found
    return Judged(
        unit=unit,
        path=entry.path,
        n_bytes=entry.n_bytes,
        n_records=entry.n_records,
        place=batch.column("place"),
        number=batch.column("number"),
        is_free_text=np.array(batch.column("is_free_text").to_numpy()),
        found=Found(np.repeat(rows, np.diff(found_from)).astype(np.int32), start, end, identifier, flags, key, belief, place),
        persons=Named(sure_from, sure[0], sure[1], review_from, review[0], review[1]),
        links=Links(np.repeat(rows, np.diff(link_from)), link[0], link[1], link[2], link[3], entry.n_compared, entry.n_capped),
    )
