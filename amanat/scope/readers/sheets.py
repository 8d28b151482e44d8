"""Spreadsheets: XLSX, XLSB, XLS and ODS; a row is a record, whatever sheet it is on, hidden ones too."""

import io
import struct
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import python_calamine

from amanat.scope.columns import as_text
from amanat.scope.header import find_header, labels_of
from amanat.scope.ole import OLE, streams_of
from amanat.scope.reader import Context, Fields, Hole, Inner, Read, Reader
from amanat.scope.source import Expanding, Source, TooMuch

_IN_ZIP = ("xl/workbook.xml", "xl/workbook.bin")


def looks(source: Source) -> float:
    head = source.peek()
    if head.startswith(OLE):
        return 0.9 if {"Workbook", "Book"} & streams_of(source) else 0.0
    if not head.startswith(b"PK\x03\x04"):
        return 0.0
    if b"application/vnd.oasis.opendocument.spreadsheet" in head[:200]:
        return 0.95
    return 0.95 if any(name in names_of(source) for name in _IN_ZIP) else 0.0


def names_of(source: Source) -> frozenset[str]:
    """Names of the members of a ZIP file, without moving in it."""
    if "zip names" not in source.noted:
        file = source.seekable(256 << 20)
        at = file.tell()
        try:
            source.noted["zip names"] = frozenset(zipfile.ZipFile(file).namelist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
            source.noted["zip names"] = frozenset()
        finally:
            file.seek(at)
    return frozenset(source.noted["zip names"])


def read(source: Source, context: Context) -> Iterator[Read]:
    data = source.whole(context.limits.held_bytes)
    if data.startswith(b"PK"):
        _check_size(data, context)
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
    except python_calamine.PasswordError as error:
        raise context.locked() from error
    for number, about in enumerate(book.sheets_metadata):
        try:
            sheet = book.get_sheet_by_index(number)
            yield from _sheet(sheet.to_python(skip_empty_area=True), f"sheet {about.name}")
        except python_calamine.CalamineError as error:
            if about.typ == python_calamine.SheetTypeEnum.WorkSheet:
                yield Hole(f"Its sheet number {number + 1} is damaged ({type(error).__name__}).", "Open the workbook by hand and look at that sheet.")
    if data.startswith(b"PK"):
        yield from _embedded(data, context, source.depth)


def _check_size(data: bytes, context: Context) -> None:
    """Adds up what the workbook would expand to, by really expanding it: what its directory says may be a lie."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        n_bytes = 0
        for member in archive.infolist():
            context.budget.entry()
            if member.flag_bits & 1:
                raise context.locked()
            with archive.open(member) as stream:
                inside = Expanding(stream, context.budget, member.compress_size)
                while more := inside.read(1 << 20):
                    n_bytes += len(more)
                    if n_bytes > context.limits.memory_bytes // 3:
                        raise TooMuch(f"The workbook expands to more than {context.limits.memory_bytes // 3 >> 20} MB.")


def _embedded(data: bytes, context: Context, depth: int) -> Iterator[Read]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            if "/embeddings/" in member.filename and not member.is_dir():
                with archive.open(member) as stream:
                    inside = Expanding(stream, context.budget, member.compress_size)
                    yield Inner(member.filename, Source(inside, name=member.filename, size=member.file_size, depth=depth + 1))


def _sheet(rows: list[list[Any]], place: str) -> Iterator[Read]:
    """Rows as records; titles above the header are text."""
    first = [[as_text(cell) for cell in row] for row in rows[:40]]
    header = find_header([row for row in first if any(row)])
    filled = 0
    labels: list[str] = []
    for row in rows:
        cells = [as_text(cell) for cell in row]
        if not any(cells):
            continue
        if header is not None and filled == header:
            labels = labels_of(cells)
        elif header is not None and filled < header:
            yield Fields([" ".join(cell for cell in cells if cell)], (), place)
        else:
            yield Fields(cells, labels, place)
        filled += 1


def examples() -> Sequence[bytes]:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Guests")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["Guests of July"])
    sheet.write_row(2, 0, ["Name", "Born", "Phone"])
    for at, (name, born, phone) in enumerate([("Sara", date(1980, 2, 1), 447700900123), ("Omid", date(1981, 5, 9), 447700900456)], 3):
        sheet.write(at, 0, name)
        sheet.write_datetime(at, 1, datetime.combine(born, time()), day)
        sheet.write_number(at, 2, phone)
    book.close()
    return (out.getvalue(),)


def not_examples() -> Sequence[bytes]:
    from amanat.scope.readers.archive import zipped

    return (zipped(guests__csv=b"name\nSara\n"), OLE + bytes(2048))


READER = Reader(
    says="spreadsheet (XLSX, XLSB, XLS, ODS)",
    looks=looks,
    read=read,
    suffixes=(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
    source="https://ecma-international.org/publications-and-standards/standards/ecma-376/",
    examples=examples,
    not_examples=not_examples,
)
