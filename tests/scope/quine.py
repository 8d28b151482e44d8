"""A ZIP archive whose only member is the archive itself, byte for byte.

The way is Russ Cox's (https://research.swtch.com/zip): deflate has two operations, "print what follows" and "repeat the last bytes", each
written in ten bytes here, and a program of them prints itself. The checksum that the headers name is the solution of 32 equations over two
elements, for a CRC is linear in the bits of the text.
"""

import struct
import zlib

_UNIT = 10  # bytes of one operation
_LENGTHS = [(3 + i, 0) for i in range(8)] + [
    (base, extra)
    for extra, bases in ((1, (11, 13, 15, 17)), (2, (19, 23, 27, 31)), (3, (35, 43, 51, 59)), (4, (67, 83, 99, 115)), (5, (131, 163, 195, 227)))
    for base in bases
]
_DISTANCES = [(1, 0), (2, 0), (3, 0), (4, 0)] + [((2 + i % 2 << i // 2) + 1, i // 2) for i in range(2, 28)]


def _printed(n: int) -> bytes:
    """Print the next n bytes."""
    return struct.pack("<BHHBHH", 0, 0, 0xFFFF, 0, n, n ^ 0xFFFF)


def _coded(table: list[tuple[int, int]], value: int) -> tuple[int, int, int]:
    """Number, extra bits and their value."""
    number = max(i for i, (base, _) in enumerate(table) if base <= value)
    return number, table[number][1], value - table[number][0]


def _copies(lengths: list[int], distance: int) -> str:
    """The bits of copies, as they follow each other."""
    bits = ""
    for length in lengths:
        number, n_extra, extra = _coded(_LENGTHS, length)
        bits += format(number + 1, "07b") if number < 23 else format(0b11000000 + number - 23, "08b")
        bits += format(extra, f"0{n_extra}b")[::-1] if n_extra else ""
        number, n_extra, extra = _coded(_DISTANCES, distance)
        bits += format(number, "05b") + (format(extra, f"0{n_extra}b")[::-1] if n_extra else "")
    return bits


def _repeated(n: int, *, is_last: bool = False) -> bytes:
    """Repeat the last n bytes, in exactly ten bytes."""
    for lengths in [[n]] + [[a, n - a] for a in range(3, n - 2)]:
        if max(lengths) > 257:
            continue
        bits = "010" + _copies(lengths, n) + "0000000"
        while len(bits) + 3 <= 40:
            bits += "010" + "0000000"  # blocks without anything fill what is left
        bits += ("1" if is_last else "0") + "00"
        if 40 < len(bits) <= 48:
            bits = bits.ljust(48, "0")
            return bytes(int(bits[i : i + 8][::-1], 2) for i in range(0, 48, 8)) + b"\x00\x00\xff\xff"
    raise AssertionError(n)


def _written(head: bytes, tail: bytes) -> bytes:
    """The program that prints head, itself and tail."""
    p, s = len(head) + _UNIT, len(tail) + _UNIT
    repeat_head, repeat_tail, repeat = _repeated(p), _repeated(s, is_last=True), _repeated(4 * _UNIT)
    one, four, print_head, print_tail = _printed(_UNIT), _printed(4 * _UNIT), _printed(p), _printed(s)
    nothing = _printed(0)
    return b"".join(
        (
            print_head, head, print_head, repeat_head, one, repeat_head, one, one, four, repeat_head, one, one, four, repeat,
            four, repeat, four, repeat, four, repeat, four, repeat, nothing, nothing, print_tail, repeat, nothing, nothing, print_tail,
            repeat_tail, tail, repeat_tail,
        )
    )  # fmt: skip


def _archive(crc: int, name: bytes, n_code: int, n_all: int) -> tuple[bytes, bytes]:
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 0x5A21, crc, n_code, n_all, len(name), 0)
    head = b"PK\x03\x04" + common + name
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(head) + n_code, 0)
    return head, central + end


def _whole(crc: int, name: bytes) -> bytes:
    head, tail = _archive(crc, name, 0, 0)
    n_code = len(_written(head, tail))
    head, tail = _archive(crc, name, n_code, len(head) + n_code + len(tail))
    return head + _written(head, tail) + tail


def zip_of_itself() -> bytes:
    """Less than a kilobyte that unpacks to itself, for ever."""
    for n in range(1, 20):
        name = b"r" * n + b".zip"
        crc = _fixed_point(lambda crc, name=name: zlib.crc32(_whole(crc, name)))
        if crc is not None:
            return _whole(crc, name)
    raise AssertionError("no name has a checksum that fits")


def _fixed_point(function) -> int | None:
    """The x with function(x) == x, where function is a linear map and a constant over two elements; None when there is none."""
    constant = function(0)
    rows = []
    columns = [function(1 << bit) ^ constant ^ (1 << bit) for bit in range(32)]
    for bit in range(32):
        rows.append((sum(((columns[i] >> bit) & 1) << i for i in range(32)), (constant >> bit) & 1))
    for column in range(32):
        pivot = next((i for i in range(column, 32) if rows[i][0] >> column & 1), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for i in range(32):
            if i != column and rows[i][0] >> column & 1:
                rows[i] = (rows[i][0] ^ rows[column][0], rows[i][1] ^ rows[column][1])
    return sum(rows[column][1] << column for column in range(32))
