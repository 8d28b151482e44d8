"""A small Outlook store, written from its specification ([MS-PST], Unicode, not encrypted): header, B-trees of nodes and blocks, heaps, tables.

No library in Python's or Debian's archives writes this format; ours shares no code with the library that reads it.
"""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

Value = str | bytes | int | datetime
Properties = Mapping[int, Value]

_STORE, _NAMES, _ROOT = 0x21, 0x61, 0x122
_HIERARCHY, _CONTENTS, _ASSOCIATED, _RECIPIENTS, _ATTACHMENTS = 0x0D, 0x0E, 0x0F, 0x692, 0x671
_FOLDER, _MESSAGE, _ATTACHMENT, _VALUE = 0x02, 0x04, 0x05, 0x1F  # types of nodes
_INT, _BOOLEAN, _TEXT, _TIME, _BINARY = 0x03, 0x0B, 0x1F, 0x40, 0x102
_ROW, _VERSION = 0x67F2, 0x67F3
_BLOCK_MOST, _HEAP_MOST = 8176, 3580


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message, contact or appointment by its properties (tag -> value)."""

    properties: Properties
    recipients: Sequence[Properties] = ()
    attachments: Sequence[Properties] = ()


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A folder of the store."""

    name: str
    messages: Sequence[Message] = ()
    folders: Sequence["Folder"] = ()


@dataclass
class _Writer:
    data: bytearray = field(default_factory=lambda: bytearray(0x4600))  # header and allocation map; what follows is laid out in a row
    blocks: list[tuple[int, int, int]] = field(default_factory=list)  # bid, place, size
    nodes: list[tuple[int, int, int, int]] = field(default_factory=list)  # nid, data, subnodes, parent
    n_blocks: int = 0
    n_nodes: int = 0

    def nid(self, kind: int) -> int:
        self.n_nodes += 1
        return (0x400 + self.n_nodes) << 5 | kind

    def block(self, content: bytes, *, is_internal: bool = False) -> int:
        """Places a block; gives its bid. More than fits in one becomes a list of blocks (XBLOCK)."""
        if len(content) > _BLOCK_MOST:
            parts = [self.block(content[at : at + _BLOCK_MOST]) for at in range(0, len(content), _BLOCK_MOST)]
            return self.block(struct.pack("<BBHI", 1, 1, len(parts), len(content)) + struct.pack(f"<{len(parts)}Q", *parts), is_internal=True)
        self.n_blocks += 1
        bid = self.n_blocks << 2 | is_internal << 1
        size = -(-(len(content) + 16) // 64) * 64
        at = self._room(size, 64)
        trailer = struct.pack("<HHIQ", len(content), _signature(at, bid), _crc(content), bid)
        self.data[at : at + size] = content.ljust(size - 16, b"\0") + trailer
        self.blocks.append((bid, at, len(content)))
        return bid

    def page(self, kind: int, content: bytes) -> tuple[int, int]:
        """Places a page of 512 bytes; gives its bid and place."""
        self.n_blocks += 1
        bid = self.n_blocks << 2
        at = self._room(512, 512)
        self.data[at : at + 512] = content.ljust(496, b"\0") + struct.pack(
            "<BBHIQ", kind, kind, _signature(at, bid), _crc(content.ljust(496, b"\0")), bid
        )
        return bid, at

    def _room(self, size: int, step: int) -> int:
        at = -(-len(self.data) // step) * step
        self.data.extend(bytes(at + size - len(self.data)))
        return at

    def tree(self, kind: int, entries: list[tuple[int, bytes]]) -> tuple[int, int]:
        """A B-tree of pages over (key, entry); gives the root's bid and place."""
        size, level = len(entries[0][1]), 0
        while True:
            most = 488 // size
            pages = []
            for at in range(0, len(entries), most):
                part = entries[at : at + most]
                content = b"".join(entry for _, entry in part).ljust(488, b"\0") + struct.pack("<BBBBI", len(part), most, size, level, 0)
                pages.append((part[0][0], self.page(kind, content)))
            if len(pages) == 1:
                return pages[0][1]
            entries = [(key, struct.pack("<QQQ", key, bid, place)) for key, (bid, place) in pages]
            size, level = 24, level + 1

    def subnodes(self, nodes: Sequence[tuple[int, int, int]]) -> int:
        """A block that lists the nodes below a node; 0 when there are none."""
        if not nodes:
            return 0
        return self.block(
            struct.pack("<BBHI", 2, 0, len(nodes), 0) + b"".join(struct.pack("<QQQ", *node) for node in sorted(nodes)), is_internal=True
        )


def _crc(content: bytes) -> int:
    return zlib.crc32(content, 0xFFFFFFFF) ^ 0xFFFFFFFF  # as zip has it, but from 0 and not inverted


def _signature(place: int, bid: int) -> int:
    mixed = place ^ bid
    return (mixed >> 16 ^ mixed) & 0xFFFF


class _Heap:
    """A heap on a node: small pieces of memory, each with a number."""

    def __init__(self, kind: int) -> None:
        self.kind, self.pieces = kind, [b""]  # the first is the root, filled in last

    def add(self, content: bytes) -> int:
        self.pieces.append(content)
        return len(self.pieces) << 5

    def written(self, root: bytes) -> bytes:
        self.pieces[0] = root
        ends = [12]
        for piece in self.pieces:
            ends.append(ends[-1] + len(piece))
        at_map = ends[-1] + ends[-1] % 2
        content = struct.pack("<HBBII", at_map, 0xEC, self.kind, 1 << 5, 0) + b"".join(self.pieces)
        content = content.ljust(at_map, b"\0") + struct.pack(f"<HH{len(ends)}H", len(self.pieces), 0, *ends)
        assert len(content) <= _BLOCK_MOST  # one block of heap is enough for a test
        return content


def _bytes_of(value: Value) -> tuple[int, bytes]:
    """Type and bytes of a value."""
    match value:
        case bool():
            return _BOOLEAN, struct.pack("<I", value)
        case int():
            return _INT, struct.pack("<i", value)
        case str():
            return _TEXT, value.encode("utf-16-le")
        case datetime():
            return _TIME, struct.pack("<Q", int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000)
        case _:
            return _BINARY, bytes(value)


def _context(writer: _Writer, properties: Properties, nodes: list[tuple[int, int, int]]) -> int:
    """A property context; what is too long for the heap becomes a node below. Gives its bid."""
    heap, records = _Heap(0xBC), b""
    for tag, value in sorted(properties.items()):
        kind, content = _bytes_of(value)
        if kind in (_INT, _BOOLEAN):
            where = content
        elif len(content) > _HEAP_MOST:
            nid = writer.nid(_VALUE)
            nodes.append((nid, writer.block(content), 0))
            where = struct.pack("<I", nid)
        else:
            where = struct.pack("<I", heap.add(content) if content else 0)
        records += struct.pack("<HH", tag, kind) + where
    return writer.block(heap.written(struct.pack("<BBBBI", 0xB5, 2, 6, 0, heap.add(records) if records else 0)))


def _table(writer: _Writer, columns: Sequence[tuple[int, int]], rows: Sequence[tuple[int, Properties]]) -> int:
    """A table context with these columns (tag, type) and rows (number, values). Gives its bid."""
    wanted = [(_ROW, _INT), (_VERSION, _INT), *sorted(columns)]
    heap = _Heap(0x7C)
    at, places = 0, {}
    for sizes in ((4, 8), (2,), (1,)):
        for bit, (tag, kind) in enumerate(wanted):
            size = {_TIME: 8, _BOOLEAN: 1}.get(kind, 4)
            if size in sizes:
                places[tag] = (at, size, bit)
                at += size
        if 8 in sizes:
            ends = [at]
        else:
            ends.append(at)
    width = at + -(-len(wanted) // 8)
    matrix = b""
    for version, (number, values) in enumerate(rows, start=1):
        row = bytearray(width)
        for tag, value in {_ROW: number, _VERSION: version, **values}.items():
            place, size, bit = places[tag]
            kind, content = _bytes_of(value)
            if kind in (_TEXT, _BINARY):
                content = struct.pack("<I", heap.add(content) if content else 0)
            row[place : place + size] = content[:size]
            row[at + bit // 8] |= 0x80 >> bit % 8
        matrix += bytes(row)
    index = b"".join(struct.pack("<II", number, place) for place, (number, _) in sorted(enumerate(rows), key=lambda one: one[1][0]))
    index_at = heap.add(struct.pack("<BBBBI", 0xB5, 4, 4, 0, heap.add(index) if index else 0))
    rows_at = heap.add(matrix) if matrix else 0
    described = b"".join(struct.pack("<IHBB", tag << 16 | kind, *places[tag]) for tag, kind in sorted(wanted))
    return writer.block(heap.written(struct.pack("<BB4HIII", 0x7C, len(wanted), *ends, width, index_at, rows_at, 0) + described))


def _message(writer: _Writer, message: Message, parent: int, nid: int) -> int:
    below: list[tuple[int, int, int]] = []
    people = [(0x0C15, _INT), (0x3001, _TEXT), (0x3003, _TEXT), (0x39FE, _TEXT)]
    below.append((_RECIPIENTS, _table(writer, people, list(enumerate(message.recipients))), 0))
    rows = []
    for one in message.attachments:
        number = writer.nid(_ATTACHMENT)
        nodes: list[tuple[int, int, int]] = []
        content = _context(writer, {0x3705: 1, **one}, nodes)
        below.append((number, content, writer.subnodes(nodes)))
        rows.append((number, {0x0E20: len(bytes(one[0x3701])), 0x3705: 1}))  # type: ignore[arg-type]
    if rows:
        below.append((_ATTACHMENTS, _table(writer, [(0x0E20, _INT), (0x3705, _INT)], rows), 0))
    content = _context(writer, {0x001A: "IPM.Note", 0x0E07: 1 | bool(rows) << 4, **message.properties}, below)
    writer.nodes.append((nid, content, writer.subnodes(below), parent))
    return nid


def _folder(writer: _Writer, folder: Folder, parent: int, nid: int) -> None:
    messages = [_message(writer, one, nid, writer.nid(_MESSAGE)) for one in folder.messages]
    folders = [writer.nid(_FOLDER) for _ in folder.folders]
    properties = {0x3001: folder.name, 0x3602: len(messages), 0x3603: 0, 0x360A: bool(folders)}
    writer.nodes.append((nid, _context(writer, properties, []), 0, parent))
    below = [
        (number, {0x3001: one.name, 0x3602: len(one.messages), 0x3603: 0, 0x360A: bool(one.folders)})
        for number, one in zip(folders, folder.folders, strict=True)
    ]
    contents = [(number, {0x0037: str(one.properties.get(0x0037, ""))}) for number, one in zip(messages, folder.messages, strict=True)]
    tables = (
        (_HIERARCHY, [(0x3001, _TEXT), (0x3602, _INT), (0x3603, _INT), (0x360A, _BOOLEAN)], below),
        (_CONTENTS, [(0x0037, _TEXT)], contents),
        (_ASSOCIATED, [(0x0037, _TEXT)], []),
    )
    for kind, columns, rows in tables:
        writer.nodes.append((nid & ~0x1F | kind, _table(writer, columns, rows), 0, 0))
    for number, one in zip(folders, folder.folders, strict=True):
        _folder(writer, one, nid, number)


def pst(*folders: Folder, lost: Sequence[Message] = ()) -> bytes:
    """The store; `lost` are messages that no folder holds any more."""
    writer = _Writer()
    writer.nodes.append((_STORE, _context(writer, {0x0FF9: bytes(16), 0x3001: "store", 0x67FF: 0}, []), 0, 0))
    writer.nodes.append((_NAMES, _context(writer, {1: 251, 2: bytes(16), 3: struct.pack("<IHH", 0x8083, 3 << 1, 0), 4: bytes(4)}, []), 0, 0))
    _folder(writer, Folder(name="", folders=folders), _ROOT, _ROOT)
    for one in lost:
        _message(writer, one, (0x300 << 5) | _FOLDER, writer.nid(_MESSAGE))
    nodes = [(nid, struct.pack("<QQQII", nid, content, below, parent, 0)) for nid, content, below, parent in sorted(writer.nodes)]
    blocks = [(bid, struct.pack("<QQHHI", bid, place, size, 2, 0)) for bid, place, size in sorted(writer.blocks)]
    nodes_at = writer.tree(0x81, nodes)
    blocks_at = writer.tree(0x80, blocks)
    allocated = b"\xff" * 496
    writer.data[0x4400:0x4600] = allocated + struct.pack("<BBHIQ", 0x84, 0x84, 0, _crc(allocated), 0x4400)
    root = struct.pack("<IQQQQQQQQBBH", 0, len(writer.data), 0x4400, 0, 0, *nodes_at, *blocks_at, 2, 0, 0)
    head = struct.pack("<HHHBBIIQQI", 0x4D53, 23, 19, 1, 1, 0, 0, 0, (writer.n_blocks + 1) << 2, 1)
    head += struct.pack("<32I", *[0x400 + writer.n_nodes + 1] * 32) + bytes(8) + root + bytes(4) + b"\xff" * 256
    head += struct.pack("<BBHQ", 0x80, 0, 0, (writer.n_blocks + 1) << 2)
    writer.data[:564] = (b"!BDN" + struct.pack("<I", _crc(head[:471])) + head + struct.pack("<I", _crc(head[:516]))).ljust(564, b"\0")
    return bytes(writer.data)
