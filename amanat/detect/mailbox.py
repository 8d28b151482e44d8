"""Messages of a file: one (EML), or many (mbox), one after another without holding the whole file."""

import re
from collections.abc import Iterator
from typing import BinaryIO

MESSAGE_MAX = 64 << 20  # bytes; a larger message is cut there
_NEXT = re.compile(rb"(?:\r?\n)\r?\n(?=From [^\n]{1,200}\d\d?:\d\d[^\n]{0,60}\n)")


def messages(file: BinaryIO, *, is_mbox: bool, start: int = 0) -> Iterator[tuple[int, bytes]]:
    """Each message with the place in the file where the next one begins, from `start` on."""
    if not is_mbox:
        data = file.read(MESSAGE_MAX)
        yield len(data), data
        return
    file.seek(start)
    at, rest, is_end = start, b"", False
    while not is_end:
        more = file.read(4 << 20)
        is_end = not more
        rest += more
        begin = 0
        for found in _NEXT.finditer(rest):
            yield at + found.end(), _unquoted(rest[begin : found.start()])
            begin = found.end()
        at += begin
        rest = rest[begin:]
        if len(rest) > MESSAGE_MAX or (is_end and rest.strip()):
            yield at + len(rest), _unquoted(rest)
            at += len(rest)
            rest = b""


def looks_like_mbox(head: bytes) -> bool:
    """Whether a file that begins so is a mailbox."""
    return bool(re.match(rb"From \S.{0,200}\d\d?:\d\d.{0,60}\n", head))


def _unquoted(message: bytes) -> bytes:
    return message.replace(b"\n>From ", b"\nFrom ")
