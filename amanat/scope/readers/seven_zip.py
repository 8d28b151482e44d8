"""7z archives, encrypted ones with one of the passwords given. Members are streamed: nothing is held whole, nothing is written to the disk."""

import base64
import io
import lzma
import queue
import struct
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import py7zr
import py7zr.py7zr as sevenzip_module
from py7zr.exceptions import ArchiveError
from py7zr.io import Py7zIO, WriterFactory

from amanat.scope.reader import Context, Inner, Read, Reader, Unreadable
from amanat.scope.source import Damaged, Expanding, Source

# The library asks /proc how much memory is left, which no reader may; and chunks of a few megabytes are large enough.
sevenzip_module.get_memory_limit = lambda: 8 << 20  # type: ignore[attr-defined]

_MAGIC = b"7z\xbc\xaf\x27\x1c"
_BROKEN = (ArchiveError, OSError, ValueError, EOFError, IndexError, KeyError, TypeError, AttributeError, struct.error, lzma.LZMAError, AssertionError)


def looks(source: Source) -> float:
    return 0.95 if source.peek(6) == _MAGIC else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    size = source.size
    file = source.seekable(context.limits.held_bytes)
    password = _password(file, context)
    pipe = _Pipe()
    # The library hands out members as it unpacks them; a thread turns that round, so that we can ask for more.
    thread = threading.Thread(target=_unpack, args=(file, password, pipe), daemon=True)
    thread.start()
    try:
        for name in pipe.names():
            context.budget.entry()
            inside = Expanding(pipe, context.budget, size)
            yield Inner(name, Source(inside, name=name, depth=source.depth + 1))
        if pipe.error is not None:
            raise Damaged("The archive breaks off or is damaged.") from pipe.error
    finally:
        pipe.stop()
        thread.join(5)


def _password(file: Any, context: Context) -> str | None:
    """None where none is needed; the one that opens it otherwise."""
    try:
        file.seek(0)
        with py7zr.SevenZipFile(file) as archive:
            if not archive.needs_password():
                return None
    except py7zr.PasswordRequired:
        pass  # the list of names is encrypted too
    except _BROKEN as error:
        raise Unreadable("The archive's directory is missing or damaged; it may be cut off.", "Look for a whole copy.") from error
    for password in context.passwords:
        try:
            file.seek(0)
            with py7zr.SevenZipFile(file, password=password) as archive:
                first = next((one.filename for one in archive.list() if not one.is_directory and one.uncompressed), None)
                if first is not None:
                    archive.extract(targets=[first], factory=_FirstBytes())
            return password
        except _Enough:
            return password
        except _BROKEN:
            continue
    raise context.locked()


class _Enough(Exception):
    """A megabyte came out well: the password is right."""


class _FirstBytes(WriterFactory):
    """Takes the beginning of a member, to see whether a password opens it."""

    def create(self, filename: str) -> Py7zIO:
        return _Probe()


class _Sink(Py7zIO):
    """The parts of a file that py7zr asks for and that do nothing here."""

    def read(self, size: int | None = None) -> bytes:
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        return 0

    def flush(self) -> None:
        return

    def size(self) -> int:
        return 0


class _Probe(_Sink):
    def __init__(self) -> None:
        self._n = 0

    def write(self, s: bytes | bytearray) -> int:
        self._n += len(s)
        if self._n > 8 << 20:
            raise _Enough
        return len(s)


class _Stopped(Exception):
    """Nobody reads on."""


class _Pipe(WriterFactory):
    """Members and their bytes, from the thread that unpacks to the reader that asks."""

    def __init__(self) -> None:
        self._queue: queue.Queue[tuple[str, Any]] = queue.Queue(maxsize=16)
        self._is_stopped = False
        self._next: str | None = None
        self._is_over = False
        self.paths: list[str] = []
        self.error: Exception | None = None

    # --- the thread's side

    def create(self, filename: str) -> Py7zIO:
        self.put("name", self.paths[int(filename.rpartition("/")[2])])
        return _Member(self)

    def put(self, kind: str, what: Any) -> None:
        while not self._is_stopped:
            try:
                return self._queue.put((kind, what), timeout=0.1)
            except queue.Full:
                continue
        raise _Stopped

    # --- the reader's side

    def names(self) -> Iterator[str]:
        """Names of the members; the bytes of one are read until the next is asked for."""
        while True:
            while self._next is None and not self._is_over:
                self._take()
            if self._next is None:
                return
            name, self._next = self._next, None
            yield name

    def read(self, _size: int = -1, /) -> bytes:
        if self._next is not None or self._is_over:
            if self._is_over and self._next is None and self.error is not None:
                raise Damaged("It breaks off or is damaged in the middle.") from self.error
            return b""
        return self._take()

    def _take(self) -> bytes:
        kind, what = self._queue.get()
        if kind == "name":
            self._next = what
        elif kind == "end":
            self._is_over, self.error = True, what
        else:
            return bytes(what)
        return b""

    def stop(self) -> None:
        self._is_stopped = True


class _Member(_Sink):
    def __init__(self, pipe: _Pipe) -> None:
        self._pipe = pipe

    def write(self, s: bytes | bytearray) -> int:
        for begin in range(0, len(s), 1 << 20):
            self._pipe.put("bytes", bytes(s[begin : begin + (1 << 20)]))
        return len(s)


def _unpack(file: Any, password: str | None, pipe: _Pipe) -> None:
    error: Exception | None = None
    try:
        file.seek(0)
        with py7zr.SevenZipFile(file, password=password) as archive:
            # Paths that lead out ("../", "/etc") would be refused; here they are only names, and each member has its own.
            for number, member in enumerate(archive.files):
                pipe.paths.append(member.filename)
                member._file_info["filename"] = str(number)
            archive.extractall(factory=pipe)
    except _Stopped:
        return
    except Exception as problem:
        error = problem
    except BaseException:
        error = MemoryError()
    try:
        pipe.put("end", error)
    except _Stopped:
        return


# The same archive under EXAMPLE_PASSWORD, its names too. What makes guessing slow is turned down in it, from 2**19 rounds to 2: each
# reading process opens it once when it starts.
_LOCKED = (
    "N3q8ryccAATfGmdo4AAAAAAAAAAqAAAAAAAAANDFPjSvLEu7XZVKeVbOOnBkbt186zn+7ELL95RRDbK8VvXKXFwFAD9oprA05gpV3LD45xAJhSOlC9Dg3+QI"
    "zJVGeHTPGNylJNxSuNbVuVd9+S9048UwkXCF5qxm3uaF/iXF3GQ0Hf26bbqh4neX60bztcygaPNAatvhqh9spgs5rO8HeBG6LjK8UQm/BP/Hrf7tSZKjbEps"
    "e1VAomGv7PQFx/Kl28EubPzJy4IJ2fYeLvPXEDRHsvzmi1CwNYo/qDn+CqE+ipr+wqX5PeqZwRZ5RziepjxRIYXT7vCv63hrC/YnZBcGMAEJgLAABwsBAAEk"
    "BvEHARJBD3NkQGCDIxe3471fMyToaRAMgKMAAA=="
)


def _made() -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(b"name,email\nSara,sara@example.org\n", "backup/guests.csv")
        archive.writestr(b"hello\n", "note.txt")
    return out.getvalue()


def examples() -> Sequence[bytes]:
    return (_made(),)


def locked_examples() -> Sequence[bytes]:
    return (base64.b64decode(_LOCKED),)


def not_examples() -> Sequence[bytes]:
    return (b"7z is a program\n",)


READER = Reader(
    says="7z archive",
    looks=looks,
    read=read,
    suffixes=(".7z",),
    source="https://py7zr.readthedocs.io/en/latest/archive_format.html",
    examples=examples,
    not_examples=not_examples,
    locked_examples=locked_examples,
)
