"""Source: the bytes of one file or of one member of an archive, seen through caps."""

import io
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

PEEK = 64 << 10


class Stream(Protocol):
    """Anything with `read`: a file, a member of an archive, a decompressor."""

    def read(self, size: int = -1, /) -> bytes: ...


class TooMuch(Exception):
    """More bytes, entries or levels than the limits allow: a bomb, or a file to be unpacked by hand. A sentence."""


class Damaged(Exception):
    """The bytes end or break in the middle. A sentence."""


@dataclass(slots=True)
class Budget:
    """What one file of the scan may still expand to; shared by everything inside it."""

    expanded_left: int = 16 << 30
    entries_left: int = 100_000
    ratio: int = 250
    ratio_from_bytes: int = 32 << 20

    def expand(self, n_bytes: int) -> None:
        self.expanded_left -= n_bytes
        if self.expanded_left < 0:
            raise TooMuch("It expands to more than the limit for one file.")

    def entry(self) -> None:
        self.entries_left -= 1
        if self.entries_left < 0:
            raise TooMuch("It holds more files than the limit for one archive.")


class Source:
    """Bytes that are read once from front to end; `peek` looks ahead, `whole` holds them all."""

    def __init__(self, stream: Stream, *, name: str = "", size: int = -1, is_seekable: bool = False, depth: int = 0) -> None:
        self.name, self.size, self.depth = name, size, depth
        self._stream, self._ahead, self._is_seekable = stream, b"", is_seekable
        self._problem: Exception | None = None  # met while looking ahead, told when reading comes to it
        self.noted: dict[str, Any] = {}  # what one reader found out by looking, for the next that looks

    @classmethod
    def of_bytes(cls, data: bytes, *, name: str = "", depth: int = 0) -> "Source":
        return cls(io.BytesIO(data), name=name, size=len(data), is_seekable=True, depth=depth)

    def peek(self, size: int = PEEK) -> bytes:
        """The next bytes, without taking them."""
        if len(self._ahead) < size:
            self._ahead += self._filled(size - len(self._ahead))
        return self._ahead[:size]

    def read(self, size: int = -1, /) -> bytes:
        """As many bytes as asked for, fewer only at the end; what lies before a damage is still given."""
        size = 1 << 62 if size < 0 else size
        if len(self._ahead) >= size:
            taken, self._ahead = self._ahead[:size], self._ahead[size:]
            return taken
        taken, self._ahead = self._ahead, b""
        taken += self._filled(size - len(taken))
        if not taken and self._problem is not None:
            raise self._problem
        return taken

    def _filled(self, size: int) -> bytes:
        parts: list[bytes] = []
        try:
            while size > 0 and self._problem is None and (more := self._stream.read(size)):
                parts.append(more)
                size -= len(more)
        except (Damaged, TooMuch) as problem:
            self._problem = problem
        return b"".join(parts)

    def whole(self, most: int) -> bytes:
        """Everything that is left, for formats that cannot be streamed."""
        parts, held = [], 0
        while more := self.read(1 << 20):
            held += len(more)
            if held > most:
                raise TooMuch(f"It must be held whole and is larger than {most >> 20} MB.")
            parts.append(more)
        return b"".join(parts)

    def copied(self, most: int) -> bytes:
        """All bytes, from the first on; the source stays unread."""
        file = self.seekable(most)
        at = file.tell()
        file.seek(0)
        data = file.read(most + 1)
        file.seek(at)
        if len(data) > most:
            raise TooMuch(f"It must be held whole and is larger than {most >> 20} MB.")
        return data

    def seekable(self, most: int) -> BinaryIO:
        """A file to jump about in: the file itself, or its bytes held in memory. The source stays unread for `read`."""
        if not self._is_seekable:
            data = self.whole(most)
            self._stream, self._ahead, self._is_seekable, self.size = io.BytesIO(data), b"", True, len(data)
        elif self._ahead:
            self._stream.seek(-len(self._ahead), 1)  # type: ignore[attr-defined]
            self._ahead = b""
        return self._stream  # type: ignore[return-value]


class AsFile:
    """The little that decompressors and parsers ask of a file that cannot be jumped about in."""

    def __init__(self, source: Source) -> None:
        self._source, self._at, self.mode = source, 0, "rb"

    def read(self, size: int | None = -1, /) -> bytes:
        data = self._source.read(-1 if size is None else size)
        self._at += len(data)
        return data

    def tell(self) -> int:
        return self._at

    def seekable(self) -> bool:
        return False

    def readable(self) -> bool:
        return True


class Expansion:
    """Counts what comes out of something packed against the budget and against what went in."""

    def __init__(self, budget: Budget, packed_bytes: int) -> None:
        self._budget, self._packed, self.n_bytes = budget, max(packed_bytes, 1), 0

    def add(self, n_bytes: int) -> None:
        """Raises TooMuch when it is more than the limits allow."""
        self.n_bytes += n_bytes
        self._budget.expand(n_bytes)
        if self.n_bytes > self._budget.ratio_from_bytes and self.n_bytes > self._budget.ratio * self._packed:
            raise TooMuch(f"It expands to more than {self._budget.ratio} times its size, as bombs do.")


class Expanding:
    """An archive member as a stream, with its expansion counted."""

    def __init__(self, stream: Stream, budget: Budget, packed_bytes: int) -> None:
        self._stream, self._out = stream, Expansion(budget, packed_bytes)

    def read(self, size: int = -1, /) -> bytes:
        if size < 0:
            size = 1 << 40
        try:
            # read1 gives what was unpacked before a damage; read would throw it away.
            data = getattr(self._stream, "read1", self._stream.read)(min(size, 1 << 20))
        except (EOFError, zlib.error, OSError) as error:
            raise Damaged(f"It breaks off or is damaged after {self._out.n_bytes:,} bytes.") from error
        except Exception as error:
            if type(error).__name__ in {"BadZipFile", "LZMAError", "ZstdError", "ReadError"}:
                raise Damaged(f"It breaks off or is damaged after {self._out.n_bytes:,} bytes.") from error
            raise
        self._out.add(len(data))
        return data


class Counting(io.RawIOBase):
    """A descriptor that knows how many bytes were read from it, and steps over holes of sparse files."""

    def __init__(self, fd: int, holes: Sequence[tuple[int, int]] = ()) -> None:
        self._fd, self.n_read, self._holes, self._at = fd, 0, list(holes), 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, to: int, whence: int = 0, /) -> int:
        self._at = os.lseek(self._fd, to, whence)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer, /) -> int:  # type: ignore[no-untyped-def]
        size = len(buffer)
        for begin, end in self._holes:
            if begin <= self._at < end:
                self._at = end
            elif self._at < begin:
                size = min(size, begin - self._at)
        data = os.pread(self._fd, size, self._at)
        os.lseek(self._fd, self._at + len(data), os.SEEK_SET)
        self._at += len(data)
        self.n_read += len(data)
        buffer[: len(data)] = data
        return len(data)


def holes_of(fd: int, size: int, *, from_bytes: int = 1 << 20) -> list[tuple[int, int]]:
    """Begin and end of each hole of a sparse file that is worth stepping over."""
    holes: list[tuple[int, int]] = []
    at = 0
    try:
        while at < size and len(holes) < 1000:
            begin = os.lseek(fd, at, os.SEEK_HOLE)
            if begin >= size:
                break
            try:
                at = os.lseek(fd, begin, os.SEEK_DATA)
            except OSError:
                at = size  # nothing but hole up to the end
            if at - begin >= from_bytes:
                holes.append((begin, at))
    except OSError:
        pass  # a file system that cannot tell
    os.lseek(fd, 0, os.SEEK_SET)
    return holes
