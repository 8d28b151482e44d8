"""Archives: RAR, 7z, ZIP under old and new encryption, packed tars. No free program writes RAR: these two were written by others."""

import base64
import io
import lzma
import os
import struct
import sys
import tarfile
import zipfile
import zlib

import py7zr
import pytest

from tests.scope import hostile
from tests.scope.hostile import TABLE, zip_of
from tests.scope.readers.reading import gaps, read, texts

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

# test/files/rar3-subdirs.rar and rar5-subdirs.rar of rarfile 4.5, Copyright (c) 2005-2024 Marko Kreen, ISC licence.
RAR_3 = base64.b64decode(
    "UmFyIRoHAM+QcwAADQAAAAAAAADiw3QgkDcABgAAAAYAAAADx6QEyTao9FAdMBIApIEAAHN1YlxkaXIyXGZpbGUyLnR4dACwfLUwZmlsZTIK+lF0IJA/AAgAAAAIAAAAA30k"
    "t3FIqPRQHTAaAKSBAABzdWJcd2l0aCBzcGFjZVxsb25nIGZuLnR4dADwCEdMbG9uZyBmbgojwXQgklcABQAAAAUAAAADwYnsL+Co9FAdMDIApIEAAHN1YlzDvMi1xKnDtuG4"
    "i8OoXGZpbGUudHh0AALGAvw1KQEg9gse6FwAZmlsZQAudHh0ALByoRVmaWxlChRcdCCQNwAGAAAABgAAAAME9yniMKj0UB0wEgCkgQAAc3ViXGRpcjFcZmlsZTEudHh0APAC"
    "hIVmaWxlMQrRdXTgkC0AAAAAAAAAAAADAAAAADao9FAUMAgA7UEAAHN1YlxkaXIyALB/JjP75XTgkDMAAAAAAAAAAAADAAAAAEio9FAUMA4A7UEAAHN1Ylx3aXRoIHNwYWNl"
    "APDLG06903TgkC4AAAAAAAAAAAADAAAAACSo9FAUMAkA7UEAAHN1YlxlbXB0eQDwcNkb8Ed04JJDAAAAAAAAAAAAAwAAAADgqPRQFDAeAO1BAABzdWJcw7zItcSpw7bhuIvD"
    "qAACxgL8NSkBIPYLHugAsDR2F89rdOCQLQAAAAAAAAAAAAMAAAAAMKj0UBQwCADtQQAAc3ViXGRpcjEA8MVYh6xSdOCQKAAAAAAAAAAAAAMAAAAA1aj0UBQwAwDtQQAAc3Vi"
    "ALAO1STEPXsAQAcA"
)
RAR_5 = base64.b64decode(
    "UmFyIRoHAQDz4YLrCwEFBwAGAQGAgIAAWyrxsjACAwuGAASGAKSDAsekBMmAAAESc3ViL2RpcjIvZmlsZTIudHh0CgMTCNwVX4XkBhNmaWxlMgokNHkgOAIDC4gABIgApIMC"
    "fSS3cYAAARpzdWIvd2l0aCBzcGFjZS9sb25nIGZuLnR4dAoDEyncFV9mv8sdbG9uZyBmbgoOjzxzOAIDC4UABIUApIMCwYnsL4AAARpzdWIvw7zItcSpw7bhuIvDqC9maWxl"
    "LnR4dAoDE0TdFV+dEHMIZmlsZQqvrxG4MAIDC4YABIYApIMCBPcp4oAAARJzdWIvZGlyMS9maWxlMS50eHQKAxP92xVfHJEnNGZpbGUxCtVl6Z4kAgMLAAUA7YMBAAAAAIAA"
    "AQhzdWIvZGlyMgoDEwjcFV/ICfsT1nxQqSoCAwsABQDtgwEAAAAAgAABDnN1Yi93aXRoIHNwYWNlCgMTKdwVX1vbgh6UOOweJQIDCwAFAO2DAQAAAACAAAEJc3ViL2VtcHR5"
    "CgMT5dsVX/bv4ArIG6fPLQIDCwAFAO2DAQAAAACAAAERc3ViL8O8yLXEqcO24biLw6gKAxNE3RVfmSwqCYEdQEkkAgMLAAUA7YMBAAAAAIAAAQhzdWIvZGlyMQoDE/3bFV8N"
    "rd40msCgER8CAwsABQDtgwEAAAAAgAABA3N1YgoDEzLdFV+8OWMOHXdWUQMFBAA="
)
GUESTS = ["Sara|sara@example.org", "Omid|omid@example.org"]


@pytest.mark.parametrize("data", [RAR_3, RAR_5], ids=["rar3", "rar5"])
def test_rar_members_are_read_with_their_paths(data):
    assert {path: text for path, _, _, text in read(data)} == {
        "x!/sub/dir1/file1.txt": "file1",
        "x!/sub/dir2/file2.txt": "file2",
        "x!/sub/with space/long fn.txt": "long fn",
        "x!/sub/üȵĩöḋè/file.txt": "file",
    }
    assert gaps(data[: len(data) // 2])


@pytest.mark.parametrize(
    "filters", [None, [{"id": py7zr.FILTER_BZIP2}], [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 24}], [{"id": py7zr.FILTER_ZSTD}]]
)
def test_7z_members_are_read_whatever_packed_them(filters):
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=filters) as archive:
        archive.writestr(TABLE, "backup/guests.csv")
        archive.writestr(zip_of({"inner.csv": TABLE}), "inner.zip")
    assert read(out.getvalue()) == [("x!/backup/guests.csv", "", "name|email", text) for text in GUESTS] + [
        ("x!/inner.zip!/inner.csv", "", "name|email", text) for text in GUESTS
    ]


def test_a_7z_archive_that_breaks_off_is_a_gap():
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(TABLE, "guests.csv")
    assert gaps(out.getvalue()[:-40]) == ["The archive's directory is missing or damaged; it may be cut off."]
    damaged = bytearray(out.getvalue())
    damaged[40:60] = bytes(20)
    assert gaps(bytes(damaged))


def test_packed_tars_are_unpacked_twice():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("guests.csv")
        member.size = len(TABLE)
        archive.addfile(member, io.BytesIO(TABLE))
    for name, data in {"a.tar.zst": zstd.compress(out.getvalue()), "a.txz": lzma.compress(out.getvalue())}.items():
        assert [path for path, *_ in read(data, name)] == [f"{name}!/a.tar!/guests.csv"] * 2


def old_encryption(data: bytes, password: bytes) -> bytes:
    """A ZIP archive under the encryption of PKZIP 2.0 (APPNOTE 6.1), as most programs still write it."""
    crc_of = zlib.crc32

    def step(crc: int, byte: int) -> int:
        return crc_of(bytes([byte]), crc ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    keys = [0x12345678, 0x23456789, 0x34567890]

    def update(byte: int) -> None:
        keys[0] = step(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = step(keys[2], keys[1] >> 24)

    for byte in password:
        update(byte)
    crc = zlib.crc32(data)
    packed = bytearray()
    for byte in bytes(11) + bytes([crc >> 24]) + data:
        mask = keys[2] | 2
        packed.append(byte ^ ((mask * (mask ^ 1)) >> 8 & 0xFF))
        update(byte)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("guests.csv", bytes(packed))
    made = bytearray(out.getvalue())
    for at, shift in ((made.index(b"PK\x03\x04"), 6), (made.index(b"PK\x01\x02"), 8)):
        struct.pack_into("<H", made, at + shift, 1)
        struct.pack_into("<I", made, at + shift + 8, crc)
        struct.pack_into("<I", made, at + shift + 16, len(data))
    return bytes(made)


def test_a_zip_under_the_old_encryption_is_opened_and_a_wrong_password_that_passes_its_short_check_is_not_taken():
    data = old_encryption(TABLE, b"saffron")
    # One byte is compared: of 600 wrong passwords two or three pass it.
    wrong = [f"wrong{i}" for i in range(600)]
    assert texts(data, passwords=["saffron"]) == GUESTS
    assert texts(data, passwords=[*wrong, "saffron"]) == GUESTS
    assert gaps(data, passwords=wrong) == ["It is encrypted, and none of the passwords given opens it."]


def _streamed(members: dict[str, bytes]) -> bytes:
    """A ZIP as a program writes it that cannot go back: sizes stand behind the members."""

    class Pipe(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data) -> int:
            out.write(data)
            return len(data)

    out = io.BytesIO()
    with zipfile.ZipFile(Pipe(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("made", [zip_of, _streamed])
def test_a_zip_archive_that_is_cut_off_is_read_up_to_there(made):
    last = b"late@example.org " + os.urandom(3000).hex().encode()
    whole = made({"guests.csv": TABLE, "old/more.csv": TABLE, "last.txt": last})
    found = read(whole[: whole.index(b"last.txt") + 1500])
    assert [row for row in found if row[1] != "GAP" and "csv" in row[0]] == [
        (f"x!/{name}", "", "name|email", text) for name in ("guests.csv", "old/more.csv") for text in GUESTS
    ]
    assert any(path == "x!/last.txt" and text.startswith("late@example.org ") for path, place, _, text in found if place != "GAP")
    said = [(path, text) for path, place, _, text in found if place == "GAP"]
    assert [path for path, _ in said] == ["x!/last.txt", "x"] and "breaks off" in said[0][1]
    assert said[1][1] == "The archive is cut off, or its directory is damaged: 3 files at its beginning were read."


def test_a_locked_member_of_a_zip_archive_that_is_cut_off_is_a_gap_of_its_own():
    whole = hostile.encrypted_zip()
    found = read(whole[: whole.rindex(b"PK\x01\x02") + 10])
    assert any("encrypted" in text for _, place, _, text in found if place == "GAP")
