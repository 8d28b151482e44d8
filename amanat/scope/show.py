"""Show: one record of the stolen files for a person to look at, masked, or with its values for a written reason."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.journal import Journal
from amanat.scope.identifier import BELIEF_MIN
from amanat.scope.masked import shown
from amanat.scope.read import read_units
from amanat.terms.finding import Gap

PASSAGE = 20_000  # characters that are shown
PART = 2000  # of one passage of a sample (sample.PASSAGE, which would load the scan)


class NoSuchRecord(Fixable):
    """The file or the record is not there."""


def show_record(
    case: Path,
    files: Sequence[Path],
    path: str,
    record: int,
    *,
    part: int | None = None,
    now: datetime,
    reveal: str = "",
    is_marked: bool = True,
    passwords: Sequence[str] = (),
    who: str = "command line",
    workers: int = 1,
) -> tuple[str, str]:
    """Where a record stands in its file, and the record with what the scan sees in it marked; read anew, in a confined process.

    Args:
        path: as in places and findings; members of containers follow "!/".
        record: from 1, as the screens count.
        part: from 0, a passage of a long record, as a sample draws them; None: the beginning of the record.
        is_marked: without marks nothing has to be compiled, and the record is there in a second.
        reveal: why its values must be shown; a line in the journal of the case, which does not say whose they are.

    Raises NoSuchRecord.
    """
    home = path.split("!/")[0]
    file = next((f for root in files if (f := _file_of(root, home)) is not None), None)
    if file is None:
        raise NoSuchRecord(f"{path}: there is no such file among {', '.join(map(str, files))}")
    wanted, seen, last = path.removeprefix(home), set[str](), 0
    for batch in read_units([file], passwords=passwords, workers=workers):
        if isinstance(batch, Gap):
            continue
        inside = batch.path.removeprefix(batch.path.split("!/")[0])
        seen.add(inside)
        if inside != wanted:
            continue
        numbers = batch.records.column("record").to_pylist()
        last = max(last, numbers[-1] + 1)
        if record - 1 not in numbers:
            continue
        one = batch.records.slice(numbers.index(record - 1), 1)
        text = one.column("text")[0].as_py()
        begin, end = (0, PASSAGE) if part is None else (part * PART, (part + 1) * PART)
        marks = [(max(a, begin) - begin, b - begin, kind) for a, b, kind in _marks(one, now) if begin <= a < end and b <= end] if is_marked else []
        if reveal and (case / "journal.jsonl").is_file():
            Journal(case / "journal.jsonl").write(who=who, act="record.revealed", at=now, what={"record": record}, why=reveal)
        labels = one.column("labels")[0].as_py() or "" if begin == 0 and len(text) <= end else ""
        return one.column("place")[0].as_py() or "", shown(text[begin:end], labels, marks, is_revealed=bool(reveal))
    if wanted not in seen:
        raise NoSuchRecord(f"{path}: {home} holds no such part{did_you_mean(wanted, seen)}")
    raise NoSuchRecord(f"{path}: has {last:,} records, and no record {record:,}")


def _marks(one: pa.RecordBatch, now: datetime) -> list[tuple[int, int, str]]:
    """Begin, end and kind of what the scan sees in one record."""
    # Here, because compiling the scan takes a minute where that was not done yet.
    from amanat.scope.scan import Scanner, best_of

    scanner = Scanner(bytes(16), now=now)
    found = scanner.scan(one)
    found = found.take((found.belief >= BELIEF_MIN) & ((found.flags & 1) == 0))
    found = found.take(best_of(found))
    kinds = [scanner.members[scanner.names[i]].kind or scanner.names[i] for i in found.identifier]
    return list(zip(found.start.tolist(), found.end.tolist(), kinds, strict=True))


def _file_of(root: Path, home: str) -> Path | None:
    """The file of that name below a folder, or the root itself where it is a file; never one elsewhere."""
    file = root / home if root.is_dir() else root
    is_below = file.resolve().is_relative_to(root.resolve())
    return file if file.is_file() and is_below and (root.is_dir() or root.name == home) else None
