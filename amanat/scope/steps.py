"""Steps: the two that a scan goes in, as one thread or one machine does its share of them.

First every batch of records is judged, and what was found is kept (hits); then what is kept is counted for each person. Both
steps take any share of the work and none depends on another, so that they may be stopped, and done by many.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from amanat.lib.progress import Progress, silent
from amanat.scope.finder import Finder
from amanat.scope.hits import Entry, Hits, Packed, Writer, judged_of, packed
from amanat.scope.live import read_database
from amanat.scope.read import Batch, File, Unit, read_files
from amanat.scope.tally import Counted, nothing, together
from amanat.terms.finding import Gap

LOT_BYTES = 16 << 20  # of files whose hits are counted at once

Entries = Sequence[tuple[int, Entry]]


@dataclass(slots=True)
class _Open:
    """A file whose batches are being judged."""

    file: File
    n_given: int = 0
    n_open: int = 0
    is_read: bool = False
    has: set[int] = field(default_factory=set)


class Judging:
    """Judges batches as they are read, on several threads, and keeps what they hold."""

    def __init__(self, finder: Finder, writer: Writer, *, threads: int, has: Callable[[File], set[int]]) -> None:
        """`has` says which batches of a file are kept already."""
        self._finders = [finder, *(finder.again() for _ in range(threads - 1))]
        self._writer, self._has = writer, has
        self._open: dict[str, _Open] = {}
        self._work: dict[Future[Packed], tuple[_Open, int, Finder]] = {}
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="amanat-judging")
        self.loose: list[Gap] = []  # gaps of no file

    def done(self, file: File) -> None:
        """Told by the reader when a file was read to its end."""
        mine = self._of(file)
        mine.is_read = True
        self._close_if_ready(mine)

    def take(self, items: Iterable[Batch | Gap]) -> None:
        """Judges everything that is read, until there is no more."""
        try:
            for item in items:
                if isinstance(item, Gap):
                    if not self._writer.gap(item):
                        self.loose.append(item)
                    continue
                mine = self._of(item.file)
                number = mine.n_given
                mine.n_given += 1
                if number not in mine.has:
                    self._await(len(self._finders) - 1)
                    finder = self._finders.pop()
                    mine.n_open += 1
                    self._work[self._pool.submit(_judged, finder, item)] = mine, number, finder
            self._await(0)
            for mine in self._open.values():
                self._writer.lacks(mine.file)
        finally:
            self._pool.shutdown(cancel_futures=True)
            self._writer.flush()

    def _of(self, file: File) -> _Open:
        if file.path not in self._open:
            self._open[file.path] = _Open(file, has=self._has(file))
        return self._open[file.path]

    def _close_if_ready(self, mine: _Open) -> None:
        if mine.is_read and not mine.n_open:
            self._writer.done(mine.file)
            del self._open[mine.file.path]

    def _await(self, n_most: int) -> None:
        """Keeps what has been judged; waits while more batches than these are being judged."""
        while self._work:
            ready, _ = wait(self._work, timeout=None if len(self._work) > n_most else 0, return_when=FIRST_COMPLETED)
            if not ready:
                break
            for future in ready:
                mine, number, finder = self._work.pop(future)
                self._finders.append(finder)
                self._writer.add(mine.file, number, future.result())
                mine.n_open -= 1
                self._close_if_ready(mine)


def _judged(finder: Finder, batch: Batch) -> Packed:
    return packed(finder.judge(batch))


def judge_files(
    finder: Finder,
    units: Sequence[Unit],
    writer: Writer,
    *,
    has: Callable[[File], set[int]],
    threads: int,
    passwords: Sequence[str],
    progress: Progress = silent,
) -> None:
    """The first step for these files: reads them, judges what they hold, and keeps it."""
    judging = Judging(finder, writer, threads=threads, has=has)
    judging.take(read_files(units, passwords=passwords, workers=threads, progress=progress, done=judging.done))
    assert not judging.loose  # readers name gaps by their file


def lots_of(entries: Entries) -> list[Entries]:
    """What is kept, in shares that are counted at once, in order."""
    lots: list[Entries] = []
    begin = n_bytes = 0
    for i, (_, entry) in enumerate(entries):
        n_bytes += entry.n_bytes
        if n_bytes >= LOT_BYTES or i - begin >= 4096 or i + 1 == len(entries):
            lots.append(entries[begin : i + 1])
            begin, n_bytes = i + 1, 0
    return lots


def count_lot(finder: Finder, folder: Path, entries: Entries) -> Counted:
    """The second step for one share of what is kept."""
    return together([nothing(), *(finder.count(judged) for judged in judged_of(folder, entries))])


class Here:
    """The steps on this machine, on several threads."""

    def __init__(self, finder: Finder, *, threads: int, passwords: Sequence[str] = (), progress: Progress = silent) -> None:
        self._finder, self._threads, self._passwords, self._progress = finder, threads, passwords, progress
        self.notes: list[str] = []

    def close(self, hits: Hits) -> None:
        """Nothing is to be tidied up here; a cluster has something."""

    def judge(self, units: Sequence[Unit], hits: Hits) -> None:
        """The first step for all files."""
        writer = Writer(hits.folder, hits.session, hits.is_file)
        judge_files(self._finder, units, writer, has=hits.batches, threads=self._threads, passwords=self._passwords, progress=self._progress)

    def judge_database(self, connection_file: Path, unit: int, hits: Hits) -> list[Gap]:
        """The first step for a database that is at work; gaps of no table."""
        writer = Writer(hits.folder, f"{hits.session}-{unit}", hits.is_file)
        judging = Judging(self._finder, writer, threads=self._threads, has=hits.batches)
        judging.take(read_database(connection_file, unit=unit, leave=hits.leave, done=judging.done))
        return judging.loose

    def count(self, hits: Hits) -> Iterator[Counted]:
        """The second step for everything that is kept, in order."""
        lots = lots_of(hits.entries())
        with ThreadPoolExecutor(self._threads, thread_name_prefix="amanat-counting") as pool:
            waiting: list[Future[Counted]] = []
            for lot in lots:
                waiting.append(pool.submit(count_lot, self._finder, hits.folder, lot))
                if len(waiting) > self._threads:  # what is counted and not yet taken stays few
                    yield waiting.pop(0).result()
            for future in waiting:
                yield future.result()
