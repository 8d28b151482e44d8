"""Archives seldom met, each put together by hand from the description of its format, and a ZIP archive that holds itself."""

import struct
import zipfile
from io import BytesIO

import pytest

from tests.scope.quine import zip_of_itself
from tests.scope.readers.reading import gaps, read

TABLE = b"name,email\nSara,sara@example.org\nOmid,omid@example.org\n"
ROWS = [("name|email", "Sara|sara@example.org"), ("name|email", "Omid|omid@example.org")]


def cabinet(name: bytes, data: bytes) -> bytes:
    """A cabinet of one file without compression (MS-CAB 2.3)."""
    file = struct.pack("<IIHHHH", len(data), 0, 0, 0x5A21, 0, 0x20) + name + b"\0"
    begin = 36 + 8 + len(file)
    block = struct.pack("<IHH", 0, len(data), len(data)) + data
    head = struct.pack("<4sIIIIIBBHHHHH", b"MSCF", 0, begin + len(block), 0, 44, 0, 3, 1, 1, 1, 0, 0x1234, 0)
    return head + struct.pack("<IHH", begin, 1, 0) + file + block


def crc_16(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def lha(name: bytes, data: bytes) -> bytes:
    """An LHA archive of one stored file, with a header of level 0."""
    body = b"-lh0-" + struct.pack("<IIIBB", len(data), len(data), 0x5A216000, 0x20, 0) + bytes([len(name)]) + name + struct.pack("<H", crc_16(data))
    return bytes([len(body), sum(body) & 0xFF]) + body + data + b"\0"


def cpio(name: bytes, data: bytes) -> bytes:
    """A cpio archive in the portable format of SVR4 (`070701`)."""

    def entry(name: bytes, data: bytes, mode: int) -> bytes:
        fields = (1, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + name + b"\0"
        return head.ljust(-(-len(head) // 4) * 4, b"\0") + data.ljust(-(-len(data) // 4) * 4, b"\0")

    return entry(name, data, 0o100644) + entry(b"TRAILER!!!", b"", 0)


def ar(name: bytes, data: bytes) -> bytes:
    head = b"%-16s%-12d%-6d%-6d%-8s%-10d`\n" % (name + b"/", 0, 0, 0, b"100644", len(data))
    return b"!<arch>\n" + head + data + b"\n" * (len(data) % 2)


def iso_image(name: bytes, data: bytes) -> bytes:
    """A disc of one file (ECMA-119): sectors of 2,048 bytes, numbers in both orders of bytes."""

    def both_16(n: int) -> bytes:
        return struct.pack("<H", n) + struct.pack(">H", n)

    def both_32(n: int) -> bytes:
        return struct.pack("<I", n) + struct.pack(">I", n)

    def record(at: int, size: int, flags: int, name: bytes) -> bytes:
        body = b"\0" + both_32(at) + both_32(size) + bytes((126, 11, 22, 9, 0, 0, 0, flags, 0, 0)) + both_16(1) + bytes([len(name)]) + name
        body += b"\0" * ((len(body) + 1) % 2)
        return bytes([len(body) + 1]) + body

    path_table = struct.pack("<BBIH", 1, 0, 21, 1) + b"\0\0"
    big_path_table = struct.pack(">BBIH", 1, 0, 21, 1) + b"\0\0"
    folder = record(21, 2048, 2, b"\0") + record(21, 2048, 2, b"\1") + record(22, len(data), 0, name + b";1")
    volume = b"\1CD001\1\0" + b" " * 32 + b"GUESTS".ljust(32) + bytes(8) + both_32(23) + bytes(32)
    volume += both_16(1) + both_16(1) + both_16(2048) + both_32(len(path_table)) + struct.pack("<II", 19, 0) + struct.pack(">II", 20, 0)
    volume += record(21, 2048, 2, b"\0") + b" " * (128 * 4) + b" " * (37 * 3) + (b"0" * 16 + b"\0") * 4 + b"\1\0"
    end = b"\xffCD001\1"
    sectors = [volume, end, b"", path_table, big_path_table, folder, data]
    return bytes(16 * 2048) + b"".join(sector.ljust(2048, b"\0") for sector in sectors) + bytes(150 * 2048)  # as discs end


@pytest.mark.parametrize(
    ("made", "inside"),
    [
        (cabinet(b"guests.csv", TABLE), "guests.csv"),
        (lha(b"guests.csv", TABLE), "guests.csv"),
        (cpio(b"desk/guests.csv", TABLE), "desk/guests.csv"),
        (ar(b"guests.csv", TABLE), "guests.csv"),
        (iso_image(b"GUESTS.CSV", TABLE), "GUESTS.CSV"),
    ],
    ids=["cab", "lha", "cpio", "ar", "iso"],
)
def test_the_file_in_an_archive_seldom_met_is_read_with_its_path(made, inside):
    assert read(made) == [(f"x!/{inside}", "", *row) for row in ROWS]


@pytest.mark.parametrize("make", [cabinet, lha, cpio, ar], ids=["cab", "lha", "cpio", "ar"])
def test_one_that_is_cut_off_is_a_gap_and_nothing_is_invented(make):
    whole = make(b"guests.csv", TABLE * 50)

    assert gaps(whole[: len(whole) - len(TABLE) * 25])


def test_a_zip_archive_that_holds_itself_is_what_it_says_to_another_reader():
    quine = zip_of_itself()
    with zipfile.ZipFile(BytesIO(quine)) as archive:
        (name,) = archive.namelist()
        assert archive.read(name) == quine


def test_a_zip_archive_that_holds_itself_ends_as_one_gap():
    (found,) = read(zip_of_itself(), "loot.zip")

    assert found[0].startswith("loot.zip!/r.zip!/r.zip!/") and found[1:] == ("GAP", "", "It lies more than 8 archives deep.")


def test_a_zip_archive_that_holds_itself_hides_no_other_file():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("r.zip", zip_of_itself())
        archive.writestr("guests.csv", TABLE)
    found = read(out.getvalue())

    assert [row[1:] for row in found if row[0] == "x!/guests.csv"] == [("", *row) for row in ROWS]
    assert [row[1] for row in found if "r.zip" in row[0]] == ["GAP"]
