"""DOCX: the text of a document with its headers, footers, notes and comments; a table's row is a record.

A table of names and values side by side belongs to the text.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from xml.parsers import expat

from amanat.scope.header import find_header, labels_of
from amanat.scope.reader import Context, Fields, Hole, Inner, Read, Reader, Unreadable
from amanat.scope.readers.sheets import names_of
from amanat.scope.source import Expanding, Source

_MAIN = "word/document.xml"
_PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\d*\.xml")
_ONE_RECORD = 64 << 10


def looks(source: Source) -> float:
    return 0.95 if source.peek(4) == b"PK\x03\x04" and _MAIN in names_of(source) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    with zipfile.ZipFile(source.seekable(context.limits.held_bytes)) as archive:
        members = sorted(archive.infolist(), key=lambda member: (member.filename != _MAIN, member.filename))
        for member in members:
            context.budget.entry()
            is_part = _PARTS.fullmatch(member.filename)
            if not is_part and "/embeddings/" not in member.filename:
                continue
            if member.flag_bits & 1:
                raise Unreadable("The document is encrypted.", "Ask for the password and save it without one on a machine kept apart.")
            with archive.open(member) as stream:
                inside = Expanding(stream, context.budget, member.compress_size)
                if is_part:
                    yield from _part(inside, is_part[1].rstrip("0123456789"))
                else:
                    yield Inner(member.filename, Source(inside, name=member.filename, size=member.file_size, depth=source.depth + 1))


class _Text:
    """Gathers paragraphs and tables while the XML goes by."""

    def __init__(self) -> None:
        self.paragraphs: list[str] = []
        self.tables: list[list[list[str]]] = []
        self._text: list[str] = []
        self._open: list[list[list[str]]] = []  # tables within tables
        self._cells: list[list[str]] = []
        self._is_text = False

    def begin(self, name: str, _attributes: object) -> None:
        match name.rpartition(":")[2]:
            case "t" | "delText" | "instrText":
                self._is_text = True
            case "tab":
                self._text.append("\t")
            case "br" | "cr":
                self._text.append("\n")
            case "tbl":
                self._open.append([])
                self.tables.append(self._open[-1])
            case "tr" if self._open:
                self._open[-1].append([])
            case "tc":
                self._cells.append([])

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "t" | "delText" | "instrText":
                self._is_text = False
            case "p":
                text = "".join(self._text).strip()
                self._text.clear()
                if text:
                    (self._cells[-1] if self._cells else self.paragraphs).append(text)
            case "tc" if self._cells:
                cell = "\n".join(self._cells.pop())
                if self._open and self._open[-1]:
                    self._open[-1][-1].append(cell)
            case "tbl" if self._open:
                self._open.pop()

    def data(self, text: str) -> None:
        if self._is_text:
            self._text.append(text)


class _Forbidden(Exception):
    """The XML declares entities: no word processor does, bombs do."""


def _part(stream: Expanding, name: str) -> Iterator[Read]:
    gathered = _Text()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = gathered.begin, gathered.end, gathered.data

    def forbid(*_: object) -> None:
        raise _Forbidden

    parser.StartDoctypeDeclHandler = forbid
    problem = ""
    try:
        while more := stream.read(1 << 16):
            parser.Parse(more, False)
        parser.Parse(b"", True)
    except _Forbidden:
        problem = "It declares entities of its own, as XML bombs do; it was read only up to there."
    except expat.ExpatError:
        problem = "Its text is damaged; it was read only up to the damage."
    place = "" if name == "document" else name
    tables = [[row for row in table if any(row)] for table in gathered.tables]
    # "Passport | X123" under a letter's text says more about the person of the letter: it is part of its record.
    forms = [table for table in tables if _is_form(table)]
    yield from _records([*gathered.paragraphs, *(": ".join(filter(None, row)) for form in forms for row in form)], place)
    for number, table in enumerate(tables, 1):
        if not _is_form(table):
            yield from _table(table, f"{place} table {number}".strip())
    if problem:
        yield Hole(problem, "Open it by hand on a machine kept apart, save it anew, and scan that.")


def _records(paragraphs: list[str], place: str) -> Iterator[Read]:
    """A letter is one record, so that the name at its top and the number at its end belong together; books are cut."""
    if sum(map(len, paragraphs)) <= _ONE_RECORD:
        if paragraphs:
            yield Fields(["\n".join(paragraphs)], (), place)
        return
    yield from (Fields([paragraph], (), place) for paragraph in paragraphs)


def _is_form(rows: list[list[str]]) -> bool:
    """A table of names and values side by side, without a header."""
    return 0 < len(rows) <= 30 and all(len(row) == 2 and len(row[0]) <= 60 for row in rows) and find_header(rows) is None


def _table(rows: list[list[str]], place: str) -> Iterator[Read]:
    header = find_header(rows)
    labels = labels_of(rows[header]) if header is not None else []
    for at, row in enumerate(rows):
        if header is None or at > header:
            yield Fields(row, labels, place)
        elif at < header:
            yield Fields([" ".join(cell for cell in row if cell)], (), place)


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
