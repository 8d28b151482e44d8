"""Hostile files, made small: bombs, liars, broken and truncated ones. Tests lower the limits instead of writing gigabytes."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

from amanat.scope.readers.archive import zipped
from amanat.scope.readers.letter import docx, paragraph

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


def write_all(folder: Path) -> None:
    """Every hostile file that needs no lowered limits, into one folder."""
    files = {
        "ratio.zip": ratio_bomb(),
        "deep.zip": nested(12),
        "names.zip": odd_names(),
        "link.zip": link_entry(),
        "link.tar": tar_with_link(),
        "entities.docx": entity_bomb(),
        "sheet.xlsx": sheet_bomb(),
        "locked.zip": encrypted_zip(),
        "cut.zip": zipped(guests__csv=TABLE)[:-30],
        "cut.csv.gz": gzip.compress(TABLE * 50_000)[:-2000],
        "cut.docx": docx(paragraph("Dear Sara"))[:150],
        "cut.pdf": b"%PDF-1.4\n1 0 obj\n<</Type/Cat",
        "zeros.csv": bytes(5000),
        "empty.csv": b"",
        "good.csv": TABLE,
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
