"""ZIP archives that are cut off, as an interrupted copy leaves them: members are found by their own headers, without the directory at the end."""

import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from amanat.scope.reader import Context, Hole, Inner
from amanat.scope.source import Damaged, Expanding, Source

_HEADER = struct.Struct("<4sHHHHHIIIHH")  # mark, version, flags, method, time, date, checksum, packed, unpacked, lengths of name and extra
_LOCKED, _SIZE_BEHIND, _UTF8 = 1, 8, 1 << 11
_STORED, _DEFLATED = 0, 8
_UNKNOWN = 0xFFFFFFFF


def members_of(file: BinaryIO, depth: int, context: Context) -> Iterator[Inner | Hole]:
    """The members up to where the archive breaks off."""
    at = 0
    while True:
        file.seek(at)
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size or not head.startswith(b"PK\x03\x04"):
            return
        _, _, flags, method, _, _, _, packed, size, n_name, n_extra = _HEADER.unpack(head)
        name = file.read(n_name).decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        at += _HEADER.size + n_name + n_extra
        is_known = not flags & _SIZE_BEHIND and packed != _UNKNOWN
        if name.endswith("/") and is_known:
            at += packed
            continue
        context.budget.entry()
        if flags & _LOCKED or method not in (_STORED, _DEFLATED) or (method == _STORED and not is_known):
            says = context.locked() if flags & _LOCKED else None
            yield Hole(
                says.reason if says else "Its entry in the archive is damaged or packed by a method that is not known.",
                says.next_step if says else "Unpack it with another program on a machine kept apart, and scan the result.",
                name,
                size if is_known else 0,
            )
            if not is_known:
                return
            at += packed
            continue
        stream = _Packed(file, at, method, packed if is_known else None)
        inside = Expanding(stream, context.budget, packed if is_known else file.seek(0, 2) - at)
        yield Inner(name, Source(inside, name=name, size=size if is_known else -1, depth=depth + 1))
        try:
            while inside.read(1 << 20):  # what its reader left
                pass
        except Damaged:
            return
        at = at + packed if is_known else stream.at
        if not is_known:
            file.seek(at)
            behind = file.read(28)  # checksum and sizes
            step = behind.find(b"PK\x03\x04", 12)
            if step < 0:
                return
            at += step


class _Packed:
    """What stands packed at a place of a file, as a stream."""

    def __init__(self, file: BinaryIO, at: int, method: int, size: int | None) -> None:
        self._file, self.at, self._left = file, at, size
        self._inflate = zlib.decompressobj(-15) if method == _DEFLATED else None
        self._tail = b""

    def read(self, size: int = -1, /) -> bytes:
        size = min(size, 1 << 20) if size > 0 else 1 << 20
        if self._inflate is None:
            return self._more(size)
        while not self._inflate.eof:
            data = self._tail or self._more(1 << 16)
            if not data:
                raise EOFError
            out = self._inflate.decompress(data, size)
            self._tail = self._inflate.unconsumed_tail
            if self._inflate.eof:
                self.at -= len(self._inflate.unused_data)
            if out:
                return out
        return b""

    def _more(self, size: int) -> bytes:
        size = size if self._left is None else min(size, self._left)
        self._file.seek(self.at)
        data = self._file.read(size) if size else b""
        if self._left is not None:
            if size and not data:
                raise EOFError
            self._left -= len(data)
        self.at += len(data)
        return data
