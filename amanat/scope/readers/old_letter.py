"""DOC: the text of a document of Word 97 to 2003, with its notes, headers and comments, as one record."""

import re
import struct
from collections.abc import Iterator, Sequence

from amanat.scope.ole import OLE, container_of, content, streams_of
from amanat.scope.reader import Context, Fields, Hole, Read, Reader, Unreadable
from amanat.scope.source import Source

_ONE_RECORD = 64 << 10
_MAGIC = 0xA5EC
_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]{0,4000}\x14?")  # "HYPERLINK …" stays out of the text, its result stays in
_TABLE_ENDS = re.compile("\x07\x07+")


def looks(source: Source) -> float:
    return 0.93 if "WordDocument" in streams_of(source) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    with container_of(source, context.limits.held_bytes) as container:
        main = content(container, "WordDocument", context.limits.held_bytes)
        (magic, version) = struct.unpack_from("<HH", main, 0)
        (flags,) = struct.unpack_from("<H", main, 10)
        if magic != _MAGIC or version < 0xC1:
            raise Unreadable("It is a document of Word 95 or older, which is not read yet.", "Save it in a present-day format and scan that.")
        if flags & 0x0100:
            raise context.locked()
        begin, size = struct.unpack_from("<II", main, 0x01A2)
        table = content(container, "1Table" if flags & 0x0200 else "0Table", context.limits.held_bytes)[begin : begin + size]
        text = "".join(_pieces(main, table))
    context.budget.expand(len(text))
    whole = _as_people_read(text)
    if len(whole) <= _ONE_RECORD:
        if whole:
            yield Fields([whole])
    else:
        yield from (Fields([line]) for line in whole.split("\n") if line.strip())
    if "\x01" in text or "\x08" in text:
        yield Hole("It holds pictures, which were not read.", "Look at it: scans of passports, cards and forms name persons.")


def _pieces(main: bytes, table: bytes) -> Iterator[str]:
    """The text is scattered over the file; its table of pieces says where the parts stand and how wide their letters are."""
    at = 0
    while at < len(table) and table[at] == 1:  # formatting that was changed later
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    if at >= len(table) or table[at] != 2:
        raise ValueError
    (size,) = struct.unpack_from("<I", table, at + 1)
    pieces = table[at + 5 : at + 5 + size]
    n = (len(pieces) - 4) // 12
    ends = struct.unpack_from(f"<{n + 1}I", pieces, 0)
    for number in range(n):
        length = max(ends[number + 1] - ends[number], 0)
        (place,) = struct.unpack_from("<I", pieces, 4 * (n + 1) + 8 * number + 2)
        if place & 0x40000000:
            begin = (place & 0x3FFFFFFF) // 2
            yield main[begin : begin + length].decode("cp1252", "replace")
        else:
            begin = place & 0x3FFFFFFF
            yield main[begin : begin + 2 * length].decode("utf-16-le", "replace")


def _as_people_read(text: str) -> str:
    text = _TABLE_ENDS.sub("\n", text).replace("\x07", "\t")
    text = _FIELD_CODE.sub("", text).replace("\x15", "")
    text = text.replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n").replace("\x1e", "-").replace("\xa0", " ").replace("\x1f", "")
    text = "".join(c if c >= " " or c in "\n\t" else " " for c in text)
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def examples() -> Sequence[bytes]:
    return ()  # an OLE container needs a writer of its own: the tests have one


def not_examples() -> Sequence[bytes]:
    return (OLE + bytes(2048),)


READER = Reader(
    says="text document (DOC)",
    looks=looks,
    read=read,
    suffixes=(".doc", ".dot"),
    source="https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-doc/",
    examples=examples,
    not_examples=not_examples,
)
