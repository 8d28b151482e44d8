"""A large file on the disk that nobody can read without its key: written as it comes in, piece by piece, and read back in order.

AES-256-GCM over pieces of one mebibyte, each bound to its place and to whether it is the last (Hoang, Reyhanitabar, Rogaway and
Vizár 2015, "STREAM"): pieces cannot be moved, left out or cut off unseen. The key is new for each file; whoever keeps it says where.
"""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from amanat.web.crypto import DoesNotOpen

PIECE = 1 << 20
_TAG = 16


class SealedWriter:
    """Writes one sealed file, for its owner only; a file that is there already is never overwritten."""

    def __init__(self, path: Path) -> None:
        self.key = secrets.token_bytes(32)
        self._cipher = AESGCM(self.key)
        self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._waiting = bytearray()
        self._n = 0

    def write(self, content: bytes) -> None:
        self._waiting += content
        # One piece stays back: it may be the last.
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]

    def close(self) -> None:
        if not self._file.closed:
            self._put(bytes(self._waiting), is_last=True)
            self._waiting.clear()
            self._file.close()

    def _put(self, piece: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._n, is_last), piece, None))
        self._n += 1

    def __enter__(self) -> "SealedWriter":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def opened(path: Path, key: bytes) -> Iterator[bytes]:
    """The pieces again, in order; raises DoesNotOpen at the first that was changed, moved or lost."""
    cipher, n = AESGCM(key), 0
    with path.open("rb") as file:
        piece = file.read(PIECE + _TAG)
        while True:
            following = file.read(PIECE + _TAG)
            try:
                yield cipher.decrypt(_nonce(n, not following), piece, None)
            except InvalidTag:
                raise DoesNotOpen("the stored file was changed, was cut off, or needs another key") from None
            if not following:
                return
            piece, n = following, n + 1


def _nonce(n: int, is_last: bool) -> bytes:
    return n.to_bytes(11, "big") + bytes([is_last])
