"""DOCX: the text of a document with its headers, footers, notes and comments; a table's row is a record.

A table of names and values side by side belongs to the text.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from amanat.scope.prose import read_prose
from amanat.scope.reader import Context, Inner, Read, Reader
from amanat.scope.source import Expanding, Source
from amanat.scope.zip_names import names_of

_MAIN = "word/document.xml"
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\d*\.xml")
DECORATION = 16 << 10  # pictures up to this size are logos, lines and signatures


def looks(source: Source) -> float:
    return 0.95 if source.peek(4) == b"PK\x03\x04" and _MAIN in names_of(source) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    with zipfile.ZipFile(source.seekable(context.limits.held_bytes)) as archive:
        members = sorted(archive.infolist(), key=lambda member: (member.filename != _MAIN, member.filename))
        for member in members:
            context.budget.entry()
            is_part = _PARTS.fullmatch(member.filename)
            if not is_part and not is_inside(member):
                continue
            if member.flag_bits & 1:
                raise context.locked()
            with archive.open(member) as stream:
                inside = Expanding(stream, context.budget, member.compress_size)
                if is_part:
                    name = is_part[1].rstrip("0123456789")
                    yield from read_prose(inside, "" if name == "document" else name)
                else:
                    yield Inner(member.filename, Source(inside, name=member.filename, size=member.file_size, depth=source.depth + 1))


def is_inside(member: zipfile.ZipInfo) -> bool:
    """Whether a member of a document is a file of its own: embedded, or a picture that is no decoration."""
    is_picture = "/media/" in member.filename or member.filename.startswith("Pictures/")
    return not member.is_dir() and ("/embeddings/" in member.filename or (is_picture and member.file_size > DECORATION))


def docx(body: str, **parts: str) -> bytes:
    """A small document for examples, from the XML of its body; `parts` are further XML files in `word/`."""
    out = io.BytesIO()
    name_space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(_MAIN, f"<w:document {name_space}><w:body>{body}</w:body></w:document>")
        for part, text in parts.items():
            archive.writestr(f"word/{part}.xml", f"<w:hdr {name_space}>{text}</w:hdr>")
    return out.getvalue()


def paragraph(text: str) -> str:
    """A paragraph for `docx`."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def examples() -> Sequence[bytes]:
    row = "<w:tr>" + "".join(f"<w:tc>{paragraph('{}')}</w:tc>" for _ in range(2)) + "</w:tr>"
    table = "<w:tbl>" + row.format("Name", "Born") + row.format("Sara", "1980-02-01") + "</w:tbl>"
    return (docx(paragraph("Dear Sara,") + paragraph("your room is paid.") + table, header1=paragraph("Hotel Saffron")),)


def not_examples() -> Sequence[bytes]:
    from amanat.scope.readers.archive import zipped

    return (zipped(letter__docx=b"no document"), b"PK\x03\x04word/document.xml")


READER = Reader(
    says="text document (DOCX)",
    looks=looks,
    read=read,
    suffixes=(".docx", ".docm", ".dotx"),
    source="https://ecma-international.org/publications-and-standards/standards/ecma-376/",
    examples=examples,
    not_examples=not_examples,
)
