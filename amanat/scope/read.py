"""Reading: files and folders to batches of records, each file in a confined child process.

What cannot be read is a Gap with a reason and a next step; it never stops the rest.
"""

import atexit
import json
import os
import queue
import stat
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from amanat.lib import settings
from amanat.lib.errors import Fixable
from amanat.lib.progress import Progress, silent
from amanat.lib.warm import Died
from amanat.scope.confined import FILES_AT_ONCE, Task, Zygote
from amanat.scope.reader import Limits
from amanat.scope.record import RECORDS
from amanat.scope.unit import visible
from amanat.terms.finding import Gap

__all__ = ["Batch", "File", "Limits", "Unit", "bundles", "confinement", "read_files", "read_passwords", "read_units", "walk"]

_USUAL = Limits()
_SMALL = 1 << 20  # files up to this size share a child …
_TOGETHER = 16 << 20  # … until they have this size together


class NoSuchPath(Fixable):
    """A file or folder to be scanned is not there."""


class BadPasswords(Fixable):
    """The list of passwords cannot be used."""


PASSWORDS_MAX = 1000  # each costs up to half a second of trying on each encrypted file


def read_passwords(file: Path) -> tuple[str, ...]:
    """The lines of a file, each a password to be tried, in this order."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise BadPasswords(f"{file}: the list of passwords cannot be opened ({error.strerror})") from error
    except UnicodeDecodeError:
        raise BadPasswords(f"{file}: the list of passwords is not UTF-8; save it as UTF-8") from None
    passwords = tuple(dict.fromkeys(line for line in lines if line))
    if len(passwords) > PASSWORDS_MAX or sum(map(len, passwords)) > 64 << 10:
        raise BadPasswords(
            f"{file}: lists {len(passwords):,} passwords, and at most {PASSWORDS_MAX:,} (together 64 KB) are tried; keep the likely ones"
        )
    return passwords


@dataclass(frozen=True, slots=True)
class File:
    """A file of the scan, and how to tell whether it is still the same."""

    path: str  # relative to the root given
    size: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of one path, in order; a path may have many batches."""

    unit: int  # number of the file in the scan (position in the sorted walk)
    path: str  # relative to the root given; members of containers and attachments after "!/"
    records: pa.RecordBatch  # schema RECORDS
    n_bytes: int  # bytes of the source that this batch covers
    file: File = File("", 0, 0)  # that it is from


@dataclass(frozen=True, slots=True)
class _Ask:
    """What every reading process is told beside the files."""

    limits: Limits
    passwords: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Unit:
    """A file that is to be read: its number in the sorted walk, where it lies, and how it is called."""

    number: int
    file: Path
    path: str
    size: int
    changed_ns: int = 0

    @property
    def as_file(self) -> File:
        """What others know of it."""
        return File(self.path, self.size, self.changed_ns)


@dataclass(frozen=True, slots=True)
class _Done:
    """A file was read to its end."""

    file: File


def read_units(
    paths: Sequence[Path],
    *,
    limits: Limits = _USUAL,
    passwords: Sequence[str] = (),
    workers: int = 2,
    progress: Progress = silent,
    leave: Callable[[File], bool] = lambda file: False,
    done: Callable[[File], None] = lambda file: None,
) -> Iterator[Batch | Gap]:
    """Batches and gaps of all files, in any order between files and in order within a path.

    Args:
        paths: files or folders; folders are walked in sorted order, links out of them are not followed.
        passwords: to be tried on encrypted files, in this order.
        workers: how many reading processes work at once.
        leave: asked once for each file; those for which it says yes are not read.
        done: told when a file was read to its end, after everything of it was given. What ends its process is not done.

    Raises:
        NoSuchPath: one of `paths` is not there.
        DidNotStart: the confined process could not be started.
    """
    units, gaps = walk(paths)
    units = [unit for unit in units if not leave(unit.as_file)]
    yield from gaps
    yield from read_files(units, limits=limits, passwords=passwords, workers=workers, progress=progress, done=done)


def read_files(
    units: Sequence[Unit],
    *,
    limits: Limits = _USUAL,
    passwords: Sequence[str] = (),
    workers: int = 2,
    progress: Progress = silent,
    done: Callable[[File], None] = lambda file: None,
) -> Iterator[Batch | Gap]:
    """The same for files that were found by `walk`."""
    if not units:
        return
    total = float(sum(unit.size for unit in units))
    zygotes = _take_zygotes(min(workers, len(units)))
    n_done = 0.0
    results: queue.Queue[Batch | Gap | _Done | float | BaseException | None] = queue.Queue(maxsize=4 * len(zygotes))
    work: queue.SimpleQueue[list[Unit]] = queue.SimpleQueue()
    for bundle in bundles(units):
        work.put(bundle)
    is_stopped = threading.Event()
    ask = _Ask(limits, tuple(passwords))
    threads = [threading.Thread(target=_work, args=(z, work, results, ask, is_stopped), daemon=True, name="amanat-reading") for z in zygotes]
    for thread in threads:
        thread.start()
    n_working = len(threads)
    try:
        while n_working:
            match results.get():
                case None:
                    n_working -= 1
                case float(n_bytes):
                    n_done += n_bytes
                    progress("reading", n_done, total)
                case BaseException() as error:
                    raise error
                case _Done() as ended:
                    done(ended.file)
                case result:
                    yield result
    finally:
        is_stopped.set()
        while any(thread.is_alive() for thread in threads):
            try:  # a worker may be waiting to hand over
                results.get(timeout=0.02)
            except queue.Empty:
                continue


def confinement() -> dict[str, bool]:
    """Which confinements hold for readers on this machine, by name."""
    (zygote,) = _take_zygotes(1)
    belts = dict(zygote.belts)
    _give_back(zygote)
    return belts


def abilities() -> str:
    """What this machine has installed on which it depends what can be read; when it changes, files are worth reading again."""
    from ctypes.util import find_library

    from amanat.scope.ocr import installed

    return repr((installed(), find_library("archive")))


# --- the walk ----------------------------------------------------------------------------------------------------------


def walk(paths: Sequence[Path]) -> tuple[list[Unit], list[Gap]]:
    """The files in these paths, and gaps for what is no file or may not be opened. Raises NoSuchPath."""
    found: list[tuple[Path, Path, str]] = []
    gaps: list[Gap] = []
    for root in map(Path, paths):
        if not root.exists():
            raise NoSuchPath(f"{visible(str(root))}: there is no such file or folder; check the spelling")
        for file in [root] if root.is_file() or not root.is_dir() else _files_under(root, gaps):
            found.append((root, file, file.name if file == root else file.relative_to(root).as_posix()))
    clashes = {name for name, n in Counter(name for _, _, name in found).items() if n > 1}
    units: list[Unit] = []
    for root, file, name in found:
        # Roots that hold the same relative path are told apart by the root as it was given.
        path = visible((root.as_posix() if file == root else f"{root.as_posix()}/{name}") if name in clashes else name)
        try:
            if (gap := _special(root, file, path)) is not None:
                gaps += [gap] if gap.reason else []
                continue
            status = file.stat()
        except OSError as error:  # moved or removed since its folder was listed
            gaps.append(Gap(path=path, reason=f"It could not be looked at ({error.strerror}).", size_bytes=0, next_step=_COPY))
            continue
        units.append(Unit(len(units), file, path, status.st_size, status.st_mtime_ns))
    return units, gaps


def _files_under(root: Path, gaps: list[Gap]) -> Iterator[Path]:
    def refused(error: OSError) -> None:
        name = visible(str(Path(error.filename).relative_to(root)))
        gaps.append(Gap(path=name, reason="The folder may not be opened by this account.", size_bytes=0, next_step=_PERMIT))

    found: list[Path] = []
    for folder, folders, files in os.walk(root, onerror=refused, followlinks=False):
        found += [Path(folder, name) for name in files]
        found += [Path(folder, name) for name in folders if Path(folder, name).is_symlink()]
    return iter(sorted(found, key=lambda file: file.relative_to(root).as_posix()))


_COPY = "Scan a copy that nothing writes to."
_PERMIT = "Give this account permission to read it, and scan again."


def _special(root: Path, file: Path, path: str) -> Gap | None:
    """A gap for what is not an ordinary file, with an empty reason for what is read elsewhere anyway; None for files."""
    if file.is_symlink() and file != root:
        try:
            is_inside = file.resolve(strict=True).is_relative_to(root.resolve())
        except (OSError, RuntimeError):
            is_inside = False
        reason = "" if is_inside else "It is a link that leads out of the folder or nowhere."
        return Gap(path=path, reason=reason, size_bytes=0, next_step="If its target was stolen too, name the target as a path to scan.")
    mode = file.stat().st_mode
    if not stat.S_ISREG(mode):
        return Gap(
            path=path, reason="It is a device, pipe or socket, not a file.", size_bytes=0, next_step="Nothing to do: such entries hold no data."
        )
    if not os.access(file, os.R_OK):
        return Gap(path=path, reason="It may not be opened by this account.", size_bytes=file.stat().st_size, next_step=_PERMIT)
    return None


def bundles(units: Sequence[Unit]) -> Iterator[list[Unit]]:
    """Small files share a child, because a child costs some milliseconds; large ones begin first."""
    for unit in sorted(units, key=lambda unit: -unit.size):
        if unit.size > _SMALL:
            yield [unit]
    bundle: list[Unit] = []
    for unit in units:
        if unit.size > _SMALL:
            continue
        bundle.append(unit)
        if len(bundle) == FILES_AT_ONCE or sum(u.size for u in bundle) >= _TOGETHER:
            yield bundle
            bundle = []
    if bundle:
        yield bundle


# --- the work ----------------------------------------------------------------------------------------------------------

_Results = queue.Queue


def _work(zygote: Zygote, work: queue.SimpleQueue, results: queue.Queue, ask: _Ask, is_stopped: threading.Event) -> None:  # type: ignore[type-arg]
    """One thread: takes bundles until none is left, and tells what became of each file."""
    try:
        while not is_stopped.is_set():
            try:
                bundle = work.get_nowait()
            except queue.Empty:
                break
            is_retry = False
            while bundle and not is_stopped.is_set():
                bundle, is_retry, is_dead = _read_bundle(zygote, bundle, results, ask, is_stopped, is_retry)
                if is_dead:
                    zygote.close()
                    zygote = Zygote()
                    zygote.wait_ready()
    except BaseException as error:
        results.put(error)
        zygote.close()
    else:
        _give_back(zygote)
    results.put(None)


_BY_HAND = "Open it by hand on a machine kept apart from the network."


def _read_bundle(
    zygote: Zygote, bundle: list[Unit], results: queue.Queue, ask: _Ask, is_stopped: threading.Event, is_retry: bool  # type: ignore[type-arg]
) -> tuple[list[Unit], bool, bool]:  # fmt: skip
    """Reads the files.

    Returns:
        Those still to be read, because one ended the child; whether the first of them has its second try; whether the zygote died.
    """
    tasks, fds, opened = [], [], []
    is_dead = False
    for unit in bundle:
        try:
            fds.append(os.open(unit.file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC))
        except OSError as error:
            results.put(_gap(unit, f"It could not be opened ({error.strerror}).", _PERMIT))
            continue
        tasks.append(Task(unit.path, os.fstat(fds[-1]).st_size, unit.number))
        opened.append(unit)
    try:
        if not opened:
            return [], False, is_dead
        is_done, n_batches = [False] * len(opened), [0] * len(opened)
        told = [0] * len(opened)
        how, last = b"", 0
        try:
            for letter, at, payload in zygote.read(tasks, fds, ask.limits, ask.passwords):
                if is_stopped.is_set():
                    return [], False, is_dead
                if not 0 <= at < len(opened):
                    continue  # only a child that was taken over sends this
                unit, last = opened[at], at
                if letter == "R":
                    batch = _batch(unit, payload)
                    results.put(batch)
                    if isinstance(batch, Batch):
                        n_batches[at] += 1
                        told[at] += batch.n_bytes
                        results.put(float(batch.n_bytes))
                elif letter == "G":
                    results.put(_gap_of(unit, payload))
                elif letter == "D":
                    is_done[at] = True
                    if _has_changed(fds[at], unit):
                        results.put(_gap(unit, "It changed while it was read: what was found may be of two versions.", _COPY))
                    results.put(_Done(unit.as_file))
                    results.put(float(max(unit.size - told[at], 0)))
                elif letter == "X":
                    how = payload
        except Died:
            is_dead, how = True, b"died"
        if all(is_done):
            return [], False, is_dead
        culprit = last if not is_done[last] else is_done.index(False)
        if not n_batches[culprit] and (culprit > 0 or (is_dead and not is_retry)):
            # What came before it in the same child may have used up the limits, or somebody ended the process: it goes first in another.
            return opened[culprit:], True, is_dead
        results.put(_gap(opened[culprit], _ending(how, n_batches[culprit]), _BY_HAND))
        results.put(float(max(opened[culprit].size - told[culprit], 0)))
        return opened[culprit + 1 :], False, is_dead
    finally:
        for fd in fds:
            os.close(fd)


def _has_changed(fd: int, unit: Unit) -> bool:
    status = os.fstat(fd)
    return unit.changed_ns != 0 and (status.st_size, status.st_mtime_ns) != (unit.size, unit.changed_ns)


def _batch(unit: Unit, payload: bytes) -> Batch | Gap:
    """What the child sent, checked: it read a hostile file and may be hostile itself."""
    try:
        (length,) = struct.unpack_from("!I", payload)
        head = json.loads(payload[4 : 4 + length])
        path, n_bytes = head["path"], head["n_bytes"]
        records = pa.ipc.open_stream(pa.py_buffer(payload)[4 + length :]).read_next_batch()
        records.validate(full=True)
        if records.schema != RECORDS or not _is_within(path, unit):
            raise ValueError
        return Batch(unit.number, visible(path), records, max(0, min(int(n_bytes), unit.size)), unit.as_file)
    except Exception:
        return _gap(unit, "The reading process sent back something that makes no sense; the file may be an attack.", _BY_HAND)


def _gap_of(unit: Unit, payload: bytes) -> Gap:
    try:
        told = json.loads(payload)
        if not _is_within(told["path"], unit):
            raise ValueError
        return Gap(
            path=visible(told["path"]), reason=visible(told["reason"]), size_bytes=int(told["size_bytes"]), next_step=visible(told["next_step"])
        )
    except Exception:
        return _gap(unit, "The reading process sent back something that makes no sense; the file may be an attack.", _BY_HAND)


def _is_within(path: object, unit: Unit) -> bool:
    return isinstance(path, str) and (path == unit.path or path.startswith(unit.path + "!/"))


def _gap(unit: Unit, reason: str, next_step: str) -> Gap:
    return Gap(path=unit.path, reason=reason, size_bytes=unit.size, next_step=next_step)


def _ending(how: bytes, n_batches: int) -> str:
    so_far = "It could be read only in part. " if n_batches else ""
    return so_far + {
        b"late": "Reading it took longer than the limit.",
        b"signal 24": "Reading it used more processor time than the limit.",
        b"died": "The process that reads files died over it.",
        b"exit 3": "Reading it needs more memory than the limit.",
        b"signal 6": "Its reader gave up; the file is damaged or needs more memory than the limit.",
        b"signal 11": "Its reader crashed; the file is damaged or an attack.",
        b"signal 31": "Its reader tried something that is not allowed; the file may be an attack.",
    }.get(how, f"Its reader ended unexpectedly ({how.decode(errors='replace')}).")


# --- warm processes, kept for the next scan ----------------------------------------------------------------------------

_idle: list[tuple[int, str, Zygote]] = []
_lock = threading.Lock()


def _take_zygotes(n: int) -> list[Zygote]:
    taken: list[Zygote] = []
    with _lock:
        for each in list(_idle):
            pid, extra, zygote = each
            if len(taken) < n and pid == os.getpid() and extra == settings.get("AMANAT_EXTRA"):
                _idle.remove(each)
                taken.append(zygote)
    started = [Zygote() for _ in range(n - len(taken))]
    try:
        for zygote in started:
            zygote.wait_ready()
    except BaseException:
        for zygote in started:
            zygote.close()
        raise
    return taken + started


def _give_back(zygote: Zygote) -> None:
    with _lock:
        mine = [each for each in _idle if each[0] == os.getpid()]
        if len(mine) < 4:
            _idle.append((os.getpid(), settings.get("AMANAT_EXTRA"), zygote))
            return
    zygote.close()


@atexit.register
def _close_all() -> None:
    while _idle:
        pid, _, zygote = _idle.pop()
        if pid == os.getpid():
            zygote.close()
