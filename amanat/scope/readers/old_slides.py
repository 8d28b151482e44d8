"""PPT: the text of a presentation of PowerPoint 97 to 2003; a slide is a record."""

import struct
from collections.abc import Iterator, Sequence

from amanat.scope.ole import OLE, container_of, content, streams_of
from amanat.scope.reader import Context, Fields, Read, Reader
from amanat.scope.source import Source

_STREAM = "PowerPoint Document"
_SLIDE, _NOTES, _LISTED = 0x03EE, 0x03F0, 0x03F3  # a slide, its notes, and the beginning of a slide's text in the document's list
_WIDE, _NARROW, _STRING = 0x0FA0, 0x0FA8, 0x0FBA
_LOCKED = 0x2F14


def looks(source: Source) -> float:
    return 0.93 if _STREAM in streams_of(source) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    with container_of(source, context.limits.held_bytes) as container:
        data = content(container, _STREAM, context.limits.held_bytes)
    texts: list[str] = []
    number = 0
    for kind, text in _atoms(data):
        if kind == _LOCKED:
            raise context.locked()
        if kind in (_SLIDE, _NOTES, _LISTED):
            if texts:
                yield Fields(["\n".join(texts)], (), f"part {number}")
                texts = []
            number += 1
        elif text:
            texts.append(text)
    if texts:
        yield Fields(["\n".join(texts)], (), f"part {number}")


def _atoms(data: bytes) -> Iterator[tuple[int, str]]:
    """Kinds of records in the order of the file, with the text of those that have one."""
    at = 0
    while at + 8 <= len(data):
        head, kind, size = struct.unpack_from("<HHI", data, at)
        at += 8
        if kind in (_SLIDE, _NOTES, _LISTED, _LOCKED):
            yield kind, ""
        if head & 0xF == 0xF:
            continue  # a container: its parts follow
        if kind in (_WIDE, _STRING):
            yield kind, data[at : at + size].decode("utf-16-le", "replace").replace("\r", "\n").replace("\x0b", "\n").strip()
        elif kind == _NARROW:
            yield kind, data[at : at + size].decode("latin-1").replace("\r", "\n").replace("\x0b", "\n").strip()
        at += size


def examples() -> Sequence[bytes]:
    return ()  # an OLE container needs a writer of its own: the tests have one


def not_examples() -> Sequence[bytes]:
    return (OLE + bytes(2048),)


READER = Reader(
    says="presentation (PPT)",
    looks=looks,
    read=read,
    suffixes=(".ppt", ".pps"),
    source="https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-ppt/",
    examples=examples,
    not_examples=not_examples,
)
