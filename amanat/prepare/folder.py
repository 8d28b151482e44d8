"""The files of a heap while they grow: opened once, written in large pieces, each in its own encoding."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from amanat.prepare.column import Text, data_of

if TYPE_CHECKING:
    from amanat.prepare.block import Block
    from amanat.prepare.members import Members


class Sink:
    """Something that writes its part of the heap, block by block."""

    def write(self, block: "Block", members: "Members") -> None:
        """The block's persons, as far as they stand here."""
        raise NotImplementedError

    def close(self) -> None:
        """What is left to do when all persons are written; most often nothing."""


class Folder:
    """Appends to files below one folder; a file begins with its header the first time it is named."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.size_bytes = 0
        self._open: dict[str, BinaryIO] = {}
        self._encoding: dict[str, str] = {}

    def begin(self, path: str, header: str = "", *, encoding: str = "utf-8", mark: bytes = b"") -> str:
        """Makes the file with its byte-order mark and header, and gives back its path."""
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        self._open[path] = target.open("wb", buffering=1 << 20)
        self._encoding[path] = encoding
        self._write(path, mark + header.encode(encoding))
        return path

    def add(self, path: str, rows: Text) -> None:
        """Appends rows. What the encoding lacks becomes a question mark, as it does in careless exports."""
        data = data_of(rows)
        encoding = self._encoding[path]
        self._write(path, data if encoding == "utf-8" else data.decode().encode(encoding, "replace"))

    def write(self, path: str, text: str) -> None:
        """Appends a short text."""
        self._write(path, text.encode(self._encoding[path], "replace"))

    def end(self, path: str, footer: str = "") -> Path:
        """Closes one file early, for what is packed afterwards."""
        self._write(path, footer.encode(self._encoding[path]))
        self._open.pop(path).close()
        return self.home / path

    def put(self, path: str, data: bytes) -> str:
        """A small file as a whole."""
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        self.size_bytes += len(data)
        return path

    def close(self) -> None:
        """Closes whatever is open."""
        for file in self._open.values():
            file.close()
        self._open.clear()

    def _write(self, path: str, data: bytes) -> None:
        self._open[path].write(data)
        self.size_bytes += len(data)
