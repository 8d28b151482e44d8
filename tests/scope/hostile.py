"""Hostile files, made small: bombs, liars, broken and truncated ones. Tests lower the limits instead of writing gigabytes."""

import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

from amanat.scope.ole import OLE
from amanat.scope.readers.archive import zipped
from amanat.scope.readers.letter import docx, paragraph
from amanat.scope.readers.pdf import written

TABLE = b"name,email\nSara,sara@example.org\nOmid,omid@example.org\n"


def zip_of(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def ratio_bomb(n_bytes: int = 64 << 20) -> bytes:
    """A zip of blanks that expands a thousand times."""
    return zip_of({"blank.txt": b" " * n_bytes, "guests.csv": TABLE})


def nested(depth: int) -> bytes:
    """A zip in a zip in a zip …"""
    data = zip_of({"guests.csv": TABLE})
    for level in range(depth):
        data = zip_of({f"level{level}.zip": data})
    return data


def many_entries(n: int) -> bytes:
    return zip_of({f"{i:05}.txt": b"x\n" for i in range(n)})


def odd_names() -> bytes:
    return zip_of({"../../etc/guests.csv": TABLE, "/etc/passwd.csv": TABLE, "C:\\guests.csv": TABLE, "line\nfeed.csv": TABLE})


def link_entry() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("passwd")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("guests.csv", TABLE)
    return out.getvalue()


def tar_with_link() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        link = tarfile.TarInfo("passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
        member = tarfile.TarInfo("../guests.csv")
        member.size = len(TABLE)
        archive.addfile(member, io.BytesIO(TABLE))
    return out.getvalue()


def entity_bomb() -> bytes:
    """A DOCX whose text is a billion laughs."""
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
    xml = f"<!DOCTYPE lolz [{entities}]><w:document xmlns:w='w'><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>"
    return zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": xml.encode()})


def sheet_bomb(n_bytes: int = 64 << 20) -> bytes:
    """A workbook whose one sheet is blanks without end."""
    return zip_of({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": b"<worksheet>" + b" " * n_bytes})


def encrypted_zip(password: bytes = b"saffron") -> bytes:
    import pyzipper

    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password)
        archive.writestr("guests.csv", TABLE)
    return out.getvalue()


def overlapping(n: int = 400) -> bytes:
    """A zip whose directory names the same bytes again and again, so that it expands without being large."""
    name = b"a.txt"
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = b" " * (1 << 20)
    body = packed.compress(data) + packed.flush()
    sizes = struct.pack("<III", zlib.crc32(data), len(body), len(data))
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes + struct.pack("<HH", len(name), 0) + name + body
    entry = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, n, n, len(entry) * n, len(local), 0)
    return local + entry * n + end


def lying_sizes() -> bytes:
    """A zip that says a member is small; it is not."""
    data = bytearray(zip_of({"a.csv": TABLE + b"x,y\n" * 100_000}))
    for at in (data.index(b"PK\x03\x04") + 22, data.index(b"PK\x01\x02") + 24):
        struct.pack_into("<I", data, at, 10)
    return bytes(data)


def zip_in_pdf() -> bytes:
    """A PDF that is a zip as well: both programs open it."""
    return written("Invoice for Sara") + zip_of({"guests.csv": TABLE})


def zip_in_gif() -> bytes:
    return b"GIF89a" + bytes(40) + zip_of({"guests.csv": TABLE})


def gz_in_gz(depth: int = 4, n_bytes: int = 64 << 20) -> bytes:
    """Blanks packed again and again: some hundred bytes that become megabytes."""
    data = b" " * n_bytes
    for _ in range(depth):
        data = gzip.compress(data, 9, mtime=0)
    return data


def huge_dictionary() -> bytes:
    """An LZMA file that claims to need four gigabytes to be unpacked."""
    data = bytearray(lzma.compress(TABLE, lzma.FORMAT_ALONE))
    data[1:5] = b"\x00\x00\x00\xf0"
    return bytes(data)


def huge_window() -> bytes:
    """A Zstandard frame that claims a window of two terabytes."""
    return b"\x28\xb5\x2f\xfd\x00\xff" + b"\x01\x00\x00" + bytes(100)


def external_entity() -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><b><c>&x;</c></b><b><c>Sara</c></b></a>'


def quadratic_entity() -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "' + b"x" * 50_000 + b'">]><a><b>' + b"&x;" * 50_000 + b"</b></a>"


def deep_xml(depth: int = 200_000) -> bytes:
    return b'<?xml version="1.0"?>' + b"<a>" * depth


def far_cell() -> bytes:
    """A workbook of two cells, one in each far corner: seventeen billion cells to whoever makes a table of it."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("a")
    sheet.write(0, 0, "sara@example.org")
    sheet.write(1048575, 16383, "omid@example.org")
    book.close()
    return out.getvalue()


def deep_json(depth: int = 500_000) -> bytes:
    return b"[" * depth


def wide_table(n: int = 300_000) -> bytes:
    """A table of very many columns."""
    return b",".join(b"c%d" % i for i in range(n)) + b"\n" + b",".join(b"v%d" % i for i in range(n)) + b"\n"


def nested_mail(depth: int = 300) -> bytes:
    """A mail forwarded in a mail forwarded in a mail …"""
    data = b"From: a@example.org\nTo: b@example.org\nSubject: x\n\nSara\n"
    for _ in range(depth):
        data = b"From: a@example.org\nTo: b@example.org\nSubject: x\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n" + data
    return data


def liar_avro() -> bytes:
    """An Avro file whose block claims to hold a name of an exabyte."""
    from amanat.scope.readers import avro

    data = avro.examples()[0]
    mark = data[-16:]
    begin = data.index(mark) + 16
    return data[:begin] + b"\x02" + b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7f" + b"\xff" * 20 + mark


def sqlite_loop() -> bytes:
    """A database whose table is a page that points to itself."""
    import sqlite3
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(f"{folder}/a.db")
        connection.executescript("CREATE TABLE a (x); " + "".join(f"INSERT INTO a VALUES ('guest {i} {'x' * 200}');" for i in range(100)))
        connection.commit()
        connection.close()
        data = bytearray(Path(f"{folder}/a.db").read_bytes())
    at = 4096  # page 2 holds pointers to the pages with rows
    assert data[at] == 5
    struct.pack_into(">I", data, at + 8, 2)
    for cell in range(struct.unpack_from(">H", data, at + 3)[0]):
        struct.pack_into(">I", data, at + struct.unpack_from(">H", data, at + 12 + 2 * cell)[0], 2)
    return bytes(data)


def pdf_loop() -> bytes:
    """A PDF whose tree of pages contains itself a billion times."""
    return written("Sara").replace(b"/Type/Pages/Count 1/Kids[6 0 R]", b"/Type/Pages/Count 999999999/Kids[2 0 R 6 0 R 2 0 R]")


def tar_with_odd_entries() -> bytes:
    """Devices, a pipe, a hard link, an absolute path and a size that is not true."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (("sda", tarfile.BLKTYPE), ("zero", tarfile.CHRTYPE), ("pipe", tarfile.FIFOTYPE), ("shadow", tarfile.LNKTYPE)):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/shadow"
            archive.addfile(member)
        member = tarfile.TarInfo("/etc/guests.csv")
        member.size = len(TABLE)
        archive.addfile(member, io.BytesIO(TABLE))
        member = tarfile.TarInfo("endless.csv")
        member.size = 1 << 40
        out.write(member.tobuf() + TABLE)
    return out.getvalue()


def ole_loop() -> bytes:
    """An OLE file whose chains of sectors run in circles."""
    head = bytearray(OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10) + struct.pack("<IIIIIIII", 1, 1, 0, 4096, 1, 1, 0, 0))
    head = head.ljust(76, b"\0") + struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return bytes(head).ljust(512, b"\0") + struct.pack("<128I", *[1] * 128) + bytes(range(256)) * 4


def locked_7z(password: str = "saffron") -> bytes:
    import py7zr

    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password=password) as archive:
        archive.writestr(TABLE, "guests.csv")
    return out.getvalue()


def bomb_7z(n_bytes: int = 64 << 20) -> bytes:
    import py7zr

    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(b" " * n_bytes, "blank.txt")
    return out.getvalue()


def small() -> dict[str, bytes]:
    """Every hostile file that is quickly made and not large."""
    return {
        "deep.zip": nested(12),
        "names.zip": odd_names(),
        "link.zip": link_entry(),
        "link.tar": tar_with_link(),
        "odd.tar": tar_with_odd_entries(),
        "entities.docx": entity_bomb(),
        "external.xml": external_entity(),
        "quadratic.xml": quadratic_entity(),
        "far.xlsx": far_cell(),
        "locked.zip": encrypted_zip(),
        "locked.7z": locked_7z(),
        "overlap.zip": overlapping(),
        "lying.zip": lying_sizes(),
        "both.pdf": zip_in_pdf(),
        "both.gif": zip_in_gif(),
        "dictionary.lzma": huge_dictionary(),
        "window.zst": huge_window(),
        "forwarded.eml": nested_mail(),
        "liar.avro": liar_avro(),
        "loop.db": sqlite_loop(),
        "loop.pdf": pdf_loop(),
        "loop.doc": ole_loop(),
        "store.pst": b"!BDN" + bytes(range(256)) * 40,
        "groups.rtf": b"{\\rtf1" + b"{" * 20_000,
        "cut.zip": zipped(guests__csv=TABLE)[:-30],
        "cut.docx": docx(paragraph("Dear Sara"))[:150],
        "cut.pdf": b"%PDF-1.4\n1 0 obj\n<</Type/Cat",
        "zeros.csv": bytes(5000),
        "empty.csv": b"",
        "good.csv": TABLE,
    }


def write_all(folder: Path) -> None:
    """Every hostile file that needs no lowered limits, into one folder."""
    files = {
        **small(),
        "ratio.zip": ratio_bomb(),
        "ratio.7z": bomb_7z(),
        "gz.gz": gz_in_gz(),
        "sheet.xlsx": sheet_bomb(),
        "deep.xml": deep_xml(),
        "deep.json": deep_json(),
        "wide.csv": wide_table(),
        "cut.csv.gz": gzip.compress(TABLE * 50_000)[:-2000],
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
