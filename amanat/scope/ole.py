"""OLE: the container of the older Office and Outlook files, looked into without trusting it."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager

import olefile

from amanat.scope.reader import Unreadable
from amanat.scope.source import Damaged, Source, TooMuch

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What olefile and readers of binary records raise over a damaged file.
BROKEN = (OSError, ValueError, IndexError, KeyError, AttributeError, TypeError, struct.error, RecursionError, OverflowError)
_HELD = 256 << 20


def streams_of(source: Source) -> frozenset[str]:
    """Names of the streams and storages at the top of an OLE file; none when it is none or damaged."""
    if "ole streams" not in source.noted:
        found: frozenset[str] = frozenset()
        if source.peek(8) == OLE:
            file = source.seekable(_HELD)
            at = file.tell()
            try:
                with olefile.OleFileIO(file) as container:
                    found = frozenset(entry[0] for entry in container.listdir(streams=True, storages=True))
            except BROKEN:
                found = frozenset()
            finally:
                file.seek(at)
        source.noted["ole streams"] = found
    return frozenset(source.noted["ole streams"])


@contextmanager
def container_of(source: Source, held_bytes: int) -> Iterator[olefile.OleFileIO]:
    """The opened container; whatever breaks inside it is damage."""
    try:
        with olefile.OleFileIO(source.seekable(held_bytes)) as container:
            yield container
    except (Unreadable, Damaged, TooMuch):
        raise
    except BROKEN as error:
        raise Damaged("It breaks off or is damaged in the middle.") from error


def content(container: olefile.OleFileIO, name: str, most: int = _HELD) -> bytes:
    """The bytes of a stream, b"" when there is none of that name."""
    if not container.exists(name):
        return b""
    if container.get_size(name) > most:
        raise TooMuch(f"It must be held whole and is larger than {most >> 20} MB.")
    with container.openstream(name) as stream:
        return bytes(stream.read())
