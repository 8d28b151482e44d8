"""Hits: what was found in the files read so far, kept on disk, so that a run can stop anywhere and go on, and one more file costs only itself.

Batches of records are kept in parts of about 16 MB of files, or of a thousand batches: what stands in them, whose each record is, and
no value. A part is written whole, then named in a list (`*.jsonl`); what no list names does not count and is done again. Hits are good for
one register, one key, one company and one version of this program: anything else begins anew and removes them.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

import amanat
from amanat.lib.open_set import OpenSet
from amanat.scope.judged import Judged
from amanat.scope.people import People
from amanat.scope.read import File
from amanat.scope.scan import Found
from amanat.scope.unsettled import Links, Named
from amanat.terms.finding import Gap

PART_BYTES = 16 << 20
PART_BATCHES = 1000  # a part has no more, however small its files are: what is pending is lost when the run is killed, and fills memory
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


@dataclass(frozen=True, slots=True)
class Packed:
    """One batch as it is kept."""

    path: str
    n_bytes: int
    n_records: int
    n_compared: int
    n_capped: int
    rows: pa.RecordBatch = field(repr=False)  # HITS


@dataclass(frozen=True, slots=True)
class Entry:
    """One batch that is kept: in which part, as which batch of it, and what is counted of it."""

    part: str
    at: int
    path: str
    n_bytes: int
    n_records: int
    n_compared: int
    n_capped: int


@dataclass(slots=True)
class _Kept:
    """What is kept of one file."""

    batches: dict[int, Entry] = field(default_factory=dict)
    gaps: list[Gap] | None = None  # None: it was not read to its end …
    lacks: list[Gap] = field(default_factory=list)  # … and this is why, when it was tried


class Hits:
    """The hits of one case. `file` is a File of `read_units`, by path, size and time of change.

    Any number of writers add to them, each in files of its own: what two of them hold of the same batch is the same, and counts once.
    """

    def __init__(self, folder: Path, run: str) -> None:
        """`run` says for what hits are good, as by `run_key`; those for anything else are removed."""
        for other in folder.glob("*"):
            if other.name != run:
                shutil.rmtree(other, ignore_errors=True)
        self.folder = folder / run
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._kept: dict[str, _Kept] = {}
        self._lists: set[Path] = set()
        self._seen: dict[str, File] = {}  # files of this run, by path
        self.loose: list[Gap] = []  # gaps of no file
        self.n_kept = 0  # files that were not read again
        self.refresh()
        self.session = secrets.token_hex(4)  # no earlier writer has it in its name, nor one that is still at work somewhere

    def refresh(self) -> None:
        """Takes note of what was written in the meantime."""
        for path in sorted(self.folder.glob("*.jsonl")):
            if path not in self._lists:
                self._lists.add(path)
                for line in path.read_bytes().splitlines(keepends=True):
                    if not line.endswith(b"\n"):
                        break  # the program was ended while it wrote
                    self._note(json.loads(line))

    def _note(self, entry: dict[str, Any]) -> None:
        kept = self._kept.setdefault(entry.pop("file"), _Kept())
        if "lacks" in entry:
            kept.lacks = [Gap(**gap) for gap in entry["lacks"]]
        elif "gaps" in entry:
            kept.gaps = [Gap(**gap) for gap in entry["gaps"]]
        else:
            kept.batches.setdefault(entry.pop("batch"), Entry(**entry))

    def leave(self, file: File) -> bool:
        """Whether a file need not be read, because all of it is kept. Called once for each file of the run."""
        self._seen[file.path] = file
        is_kept = self._of(file).gaps is not None
        self.n_kept += is_kept
        return is_kept

    def is_done(self, file: File) -> bool:
        """Whether all of a file is kept."""
        return self._of(file).gaps is not None

    def batches(self, file: File) -> set[int]:
        """Numbers of the batches of a file that are kept."""
        return set(self._of(file).batches)

    def is_file(self, path: str) -> bool:
        """Whether this is the path of a file of the run."""
        return path in self._seen

    def gaps(self) -> list[Gap]:
        """All gaps of the files of this run."""
        of_files = [gap for kept in map(self._of, self._seen.values()) for gap in (kept.lacks if kept.gaps is None else kept.gaps)]
        return sorted([*of_files, *self.loose], key=lambda gap: (gap.path, gap.reason))

    def entries(self) -> list[tuple[int, Entry]]:
        """Everything kept of the files of this run, with the number of its file: in the order of their paths, whatever the order of reading."""
        files = [self._of(file) for _, file in sorted(self._seen.items())]
        return [(unit, entry) for unit, kept in enumerate(files) for _, entry in sorted(kept.batches.items())]

    def _of(self, file: File) -> _Kept:
        return self._kept.setdefault(_name(file), _Kept())


class Writer:
    """Adds to hits. One writer belongs to one thread, and no other has its name."""

    def __init__(self, folder: Path, name: str, is_file: Callable[[str], bool]) -> None:
        """`folder` is that of Hits; `is_file` tells whether a path is that of a file, and not of something within one."""
        self._folder, self._writer, self._is_file = folder, name, is_file
        self._n_parts = 0
        self._pending: list[tuple[dict[str, Any], pa.RecordBatch | None]] = []
        self._pending_bytes = 0
        self._gaps: dict[str, list[Gap]] = {}

    def add(self, file: File, number: int, packed: Packed) -> None:
        """Keeps a batch."""
        entry = {"file": _name(file), "batch": number, "path": packed.path, "n_bytes": packed.n_bytes, "n_records": packed.n_records}
        entry |= {"n_compared": packed.n_compared, "n_capped": packed.n_capped}
        self._pending.append((entry, packed.rows))
        self._pending_bytes += packed.n_bytes
        self._flush_when_full()

    def gap(self, gap: Gap) -> bool:
        """Notes a gap, to be kept with its file; False when it is of no file."""
        at = gap.path
        while not self._is_file(at) and "!/" in at:
            at = at.rpartition("!/")[0]
        if self._is_file(at):
            self._gaps.setdefault(at, []).append(gap)
            return True
        return False

    def done(self, file: File) -> None:
        """A file was read to its end."""
        self._pending.append(({"file": _name(file), "gaps": [asdict(gap) for gap in self._gaps.pop(file.path, [])]}, None))
        self._flush_when_full()

    def lacks(self, file: File) -> None:
        """A file was not read to its end; its gaps say why. It will be tried again."""
        if file.path in self._gaps:
            self._pending.append(({"file": _name(file), "lacks": [asdict(gap) for gap in self._gaps.pop(file.path)]}, None))

    def _flush_when_full(self) -> None:
        if self._pending_bytes >= PART_BYTES or len(self._pending) >= 2 * PART_BATCHES:  # a batch, and the end of its file
            self.flush()

    def flush(self) -> None:
        """Writes what is pending as a part."""
        if not self._pending:
            return
        batches = [batch for _, batch in self._pending if batch is not None]
        part = f"{self._writer}-{self._n_parts:06}"
        if batches:
            self._n_parts += 1
            path = self._folder / f"{part}.arrow"
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
        with (self._folder / f"{self._writer}.jsonl").open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        self._pending, self._pending_bytes = [], 0


def judged_of(folder: Path, entries: Iterable[tuple[int, Entry]]) -> Iterator[Judged]:
    """The batches of these entries, in their order."""
    opened: dict[str, Any] = {}
    for unit, entry in entries:
        if entry.part not in opened:
            if len(opened) >= 8:
                opened.pop(next(iter(opened)))
            opened[entry.part] = pa.ipc.open_file(pa.memory_map(str(folder / f"{entry.part}.arrow")))
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
    """Of every file of this stage and of the members of its open sets; the same in every process and on every machine."""
    members = [path for name in ("identifiers", "readers") for path in OpenSet(f"scope/{name}").paths().values()]
    files = {path for path in Path(__file__).parent.rglob("*") if path.suffix in (".py", ".toml", ".txt")} | set(members)
    digest = hashlib.blake2b(digest_size=16)
    for content in sorted(path.read_bytes() for path in files):
        digest.update(hashlib.blake2b(content).digest())
    return digest.hexdigest()


def _lists(record: Any, rows: Any, columns: dict[str, pa.DataType], arrays: list[Any]) -> pa.Array:
    """[len(rows)] lists of structs, from arrays that are sorted by record."""
    offsets = np.r_[np.searchsorted(record, rows, "left"), np.searchsorted(record, rows[-1:], "right")].astype(np.int64)
    lo, hi = (int(offsets[0]), int(offsets[-1])) if len(rows) else (0, 0)
    structs = pa.StructArray.from_arrays([pa.array(a[lo:hi], kind) for a, kind in zip(arrays, columns.values(), strict=True)], list(columns))
    return pa.LargeListArray.from_arrays(pa.array(offsets - lo if len(rows) else np.zeros(1, np.int64)), structs)


def packed(judged: Judged) -> Packed:
    """The records of a batch in which something stands, as they are kept."""
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
    batch = pa.RecordBatch.from_arrays(
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
    return Packed(judged.path, judged.n_bytes, judged.n_records, links.n_compared, links.n_capped, batch)


def _apart(column: pa.Array) -> tuple[Any, list[Any]]:
    """Offsets and columns of lists of structs."""
    offsets = column.offsets.to_numpy()
    values = column.flatten()
    return offsets - offsets[0], [np.array(values.field(i).to_numpy(zero_copy_only=False)) for i in range(values.type.num_fields)]


def _decoded(unit: int, entry: Entry, batch: pa.RecordBatch) -> Judged:
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
