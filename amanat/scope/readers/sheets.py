"""Spreadsheets: XLSX, XLSB, XLS and ODS; a row is a record, whatever sheet it is on, hidden ones too."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import python_calamine

from amanat.scope.columns import as_text
from amanat.scope.header import find_header, labels_of
from amanat.scope.ole import OLE, streams_of
from amanat.scope.reader import Context, Fields, Hole, Inner, Read, Reader, Unreadable
from amanat.scope.source import Expanding, Source, TooMuch
from amanat.scope.zip_names import names_of

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


def read(source: Source, context: Context) -> Iterator[Read]:
    data = source.whole(context.limits.held_bytes)
    scattered = _check_size(data, context) if data.startswith(b"PK") else 0
    if scattered:
        raise Unreadable(
            f"Its cells lie so far apart that the sheet would be {scattered:,} cells large.",
            "Open it by hand, delete the cells far off or save each sheet as CSV, and scan that.",
        )
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


_ROW = re.compile(rb'<row\b[^>]{0,200}? r="(\d{1,7})"')
_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})')
_FAR = (re.compile(rb'<c r="[A-Z]{3}'), re.compile(rb'<c r="[A-Z]{2}'))
_CELLS = 40_000_000  # about 1.3 GB: the library lays out the whole rectangle, empty cells too


def _n_cells(part: bytes, last_row: int, columns: int) -> tuple[int, int]:
    """The last row and an upper bound of the columns, after one more part of a sheet's XML."""
    row = part.rfind(b"<row")
    if row >= 0 and (found := _ROW.match(part, row)):
        last_row = max(last_row, int(found[1]))
    bound = 18_278 if _FAR[0].search(part) else 702 if _FAR[1].search(part) else 26
    if bound > columns and bound * last_row > _CELLS:
        widest = max(_COLUMN.findall(part), key=lambda name: (len(name), name), default=b"A")
        bound = 0
        for letter in widest:
            bound = bound * 26 + letter - 64
    return last_row, max(columns, bound)


def _check_size(data: bytes, context: Context) -> int:
    """Adds up what the workbook would expand to, by really expanding it: what its directory says may be a lie.

    Returns:
        The number of cells of a sheet that is too large to be laid out, 0 when all are well.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        n_bytes = 0
        for member in archive.infolist():
            context.budget.entry()
            if member.flag_bits & 1:
                raise context.locked()
            with archive.open(member) as stream:
                inside = Expanding(stream, context.budget, member.compress_size)
                last_row, columns = 0, 0
                while more := inside.read(1 << 20):
                    n_bytes += len(more)
                    if "/worksheets/" in member.filename and member.filename.endswith(".xml"):
                        last_row, columns = _n_cells(more, last_row, columns)
                    if n_bytes > context.limits.memory_bytes // 3:
                        raise TooMuch(f"The workbook expands to more than {context.limits.memory_bytes // 3 >> 20} MB.")
                if last_row * columns > _CELLS:
                    return last_row * columns
    return 0


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
