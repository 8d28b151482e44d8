"""A company to practise on: its register, a heap of stolen files, what was within reach, the facts, and the truth about all of it."""

import shutil
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.progress import Progress
from amanat.prepare import dossier
from amanat.prepare.behaviour import Behaviour
from amanat.prepare.database import ROWS_PER_INSERT
from amanat.prepare.folder import Folder, Sink
from amanat.prepare.members import members_of
from amanat.prepare.persons import blocks
from amanat.prepare.practice_controls import write_controls
from amanat.prepare.reach import Reach
from amanat.prepare.register import register_table
from amanat.prepare.traces import write_traces
from amanat.prepare.trade import Trade, trades
from amanat.prepare.truth import Truth

KINDS = ("hotel", "hospital", "shop")
BLOCK = 64 * ROWS_PER_INSERT  # persons in memory at once; a multiple of a household and of an INSERT
LEAST, MOST = 100, 50_000_000
PARQUET_FROM = 200_000  # a register of more persons than this is Parquet, and comes without events unless they are asked for


class UnknownKind(Fixable):
    """A kind of company that nobody has invented yet."""


class BadSize(Fixable):
    """A company has at least a hundred persons, or half of its files stay empty, and no more than its numbers have digits for."""


class FolderInUse(Fixable):
    """The folder has something in it: we never write over what may be evidence."""


class NoBehaviour(Fixable):
    """What customers did is invented for hotels only."""


class BadEffect(Fixable):
    """An effect on behaviour that is no share, or more leavers than there can be."""


class BadDay(Fixable):
    """A moment too far away for calendars and lives around it."""


class NoOffset(Fixable):
    """A moment without its offset from UTC."""


def make(
    folder: Path,
    *,
    persons: int,
    seed: int,
    kind: str,
    at: datetime,
    progress: Progress,
    excess_churn: float = 0.03,
    events: bool | None = None,
    block_size: int = BLOCK,
) -> dict[str, Any]:
    """Writes the story and gives its numbers; see `make_company`."""
    _check(folder, persons, kind, at, excess_churn)
    if events and kind != "hotel":
        raise NoBehaviour(f"--events: what customers did before and after is invented for hotels only, not for a {kind}; leave --events out")
    has_events = kind == "hotel" and (persons <= PARQUET_FROM if events is None else events)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return _write(folder, trades()[kind], persons, seed, at, progress, block_size, excess_churn if has_events else None)
    except BaseException:
        # Half a story would be taken for a whole one.
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _check(folder: Path, persons: int, kind: str, at: datetime, excess_churn: float) -> None:
    if kind not in KINDS:
        raise UnknownKind(f"--kind: there is no company of kind {kind!r}{did_you_mean(kind, KINDS) or '.'} There is: {', '.join(KINDS)}.")
    if not LEAST <= persons <= MOST:
        raise BadSize(f"--persons {persons}: a company to practise on has {LEAST} to {MOST:,} persons; give a number between them")
    if not 0 <= excess_churn <= 0.5:
        raise BadEffect(f"--excess-churn {excess_churn}: is a share of the affected customers, such as 0.03; give a number from 0 to 0.5")
    if at.tzinfo is None:
        raise NoOffset("--at: the moment needs its offset from UTC, such as 2026-11-13T19:40:00+01:00")
    if not 2000 <= at.year < 2100:
        # Guests are born, and book, some decades on either side of it.
        raise BadDay(f"--at {at.isoformat()}: a company to practise on lives between 2000 and 2099; give a moment of those years")
    if folder.is_file():
        raise FolderInUse(f"{folder}: is a file; name a new folder")
    if folder.is_dir() and any(folder.iterdir()):
        is_ours = (folder / "truth.parquet").exists() and (folder / "expected.toml").exists()
        what = "already holds a practice story; delete it first" if is_ours else "is not empty; nothing is written over"
        raise FolderInUse(f"{folder}: {what}, or name a new folder")


def _write(
    folder: Path, trade: Trade, persons: int, seed: int, at: datetime, progress: Progress, block_size: int, excess_churn: float | None
) -> dict[str, Any]:
    assert block_size % ROWS_PER_INSERT == 0, "a statement or a household must not straddle two blocks"
    files, access, truth = Folder(folder / "files"), Folder(folder / "access"), Truth(folder / "truth.parquet")
    # `at` may carry any offset; the logs of the intruder's way are in UTC.
    since, until = (f"{at.astimezone(timezone.utc) - gap:%Y-%m-%dT%H:%M:%SZ}" for gap in dossier.WITHIN_REACH)
    sinks: list[Sink] = [*trade.sinks(files, truth, persons), Reach(access, truth, trade, since=since, until=until)]
    behaviour = None
    if excess_churn is not None:
        # Last, because who is affected is known when all files have been written.
        behaviour = Behaviour(folder / "events.parquet", truth, at=at, excess_churn=excess_churn)
        sinks.append(behaviour)
    register = _Register(folder, persons)
    done = 0
    for block in blocks(persons, seed, size=block_size, prefix=trade.id_prefix, has_loyalty=trade.has_loyalty):
        members = members_of(block, persons)
        truth.begin(block)
        register.write(register_table(block))
        for sink in sinks:
            sink.write(block, members)
        truth.end(block)
        done += int((~block.is_outsider).sum())
        progress("inventing persons", done, persons)
    for sink in sinks:
        sink.close()
    files.close()
    access.close()
    register.close()
    truth.close()
    dossier.write_facts(folder, at, trade)
    dossier.write_company(folder, seed, trade)
    dossier.write_expected(folder, at, truth, trade.unreadable(folder / "files"), trade.empty)
    write_controls(folder, at)
    if trade.sector == "hotel":
        # The logs of the intruder's way are those of one network, with its names.
        write_traces(folder / "traces", seed, at)
    if behaviour:
        with (folder / "expected.toml").open("a", encoding="utf-8") as file:
            file.write(behaviour.true_effect().as_toml())
    n_files, size_bytes = _size(path for path in (folder / "files").rglob("*") if path.is_file())
    return {
        "folder": str(folder),
        "persons": truth.n_register,
        "affected": truth.n_affected,
        "outsiders": truth.n_outsiders,
        "accessible_only": truth.n_accessible_only,
        "only_unreadable": truth.n_only_unreadable,
        "kinds": {kind: n for kind, n in truth.kinds.most_common()},
        "residents": dict(truth.places.most_common()),
        "files": n_files,
        "size_bytes": size_bytes,
    }


def _size(paths: Iterable[Path]) -> tuple[int, int]:
    sizes = [path.stat().st_size for path in paths]
    return len(sizes), sum(sizes)


class _Register:
    """register.csv, or register.parquet for large companies."""

    def __init__(self, folder: Path, persons: int) -> None:
        self._path = folder / ("register.parquet" if persons > PARQUET_FROM else "register.csv")
        self._writer: Any = None

    def write(self, rows: pa.Table) -> None:
        if self._writer is None:
            if self._path.suffix == ".parquet":
                self._writer = pq.ParquetWriter(self._path, rows.schema, compression="zstd")
            else:
                self._writer = pyarrow.csv.CSVWriter(self._path, rows.schema)
        self._writer.write_table(rows)

    def close(self) -> None:
        self._writer.close()
