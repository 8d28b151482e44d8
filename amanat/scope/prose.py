"""Prose: the text of a word processor's or presentation's XML, and its tables row by row.

Serves the formats of Office (paragraphs hold runs of text) and OpenDocument (the text stands in the paragraph itself).
"""

from collections.abc import Iterator
from xml.parsers import expat

from amanat.scope.header import find_header, labels_of
from amanat.scope.reader import Fields, Hole, Read
from amanat.scope.source import Damaged, Expanding, TooMuch

_ONE_RECORD = 64 << 10


class _Prose:
    """Gathers paragraphs and tables while the XML goes by."""

    def __init__(self, *, is_open_document: bool) -> None:
        self._is_open_document = is_open_document
        self.paragraphs: list[str] = []
        self.tables: list[list[list[str]]] = []
        self.slides: list[tuple[list[str], list[list[list[str]]]]] = []
        self._text: list[str] = []
        self._open: list[list[list[str]]] = []  # tables within tables
        self._cells: list[list[str]] = []
        self._is_text = False
        self._n_open = 0  # paragraphs within paragraphs: notes

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "t" | "delText" | "instrText" if not self._is_open_document:
                self._is_text = True
            case "p" | "h" if self._is_open_document:
                self._n_open += 1
                self._is_text = True
            case "s" if self._is_open_document:
                n = attributes.get("text:c", "1")
                self._text.append(" " * min(int(n), 100) if n.isdecimal() else " ")
            case "tab":
                self._text.append("\t")
            case "br" | "cr" | "line-break":
                self._text.append("\n")
            case "tbl" | "table":
                self._open.append([])
                self.tables.append(self._open[-1])
            case "tr" | "table-row" if self._open:
                self._open[-1].append([])
            case "tc" | "table-cell":
                self._cells.append([])

    def end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "t" | "delText" | "instrText" if not self._is_open_document:
                self._is_text = False
            case "p" | "h":
                self._n_open -= 1
                self._is_text = self._is_open_document and self._n_open > 0
                text = "".join(self._text).strip()
                self._text.clear()
                if text:
                    (self._cells[-1] if self._cells else self.paragraphs).append(text)
            case "tc" | "table-cell" if self._cells:
                cell = "\n".join(self._cells.pop())
                if self._open and self._open[-1]:
                    self._open[-1][-1].append(cell)
            case "tbl" | "table" if self._open:
                self._open.pop()
            case "page" if self._is_open_document:
                self.slides.append((self.paragraphs, self.tables))
                self.paragraphs, self.tables = [], []

    def data(self, text: str) -> None:
        if self._is_text:
            self._text.append(text)


class _Forbidden(Exception):
    """The XML declares entities: no word processor does, bombs do."""


def read_prose(stream: Expanding, place: str, *, is_open_document: bool = False) -> Iterator[Read]:
    """One XML part as records: its text, and the rows of its tables."""
    gathered = _Prose(is_open_document=is_open_document)
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
    except (Damaged, TooMuch) as error:
        problem = str(error)
    for number, (paragraphs, tables) in enumerate(gathered.slides, 1):
        yield from _all(paragraphs, tables, f"slide {number}")
    yield from _all(gathered.paragraphs, gathered.tables, place)
    if problem:
        yield Hole(problem, "Open it by hand on a machine kept apart, save it anew, and scan that.")


def _all(paragraphs: list[str], found: list[list[list[str]]], place: str) -> Iterator[Read]:
    tables = [[row for row in table if any(row)] for table in found]
    # "Passport | X123" under a letter's text says more about the person of the letter: it is part of its record.
    forms = [table for table in tables if _is_form(table)]
    yield from _records([*paragraphs, *(": ".join(filter(None, row)) for form in forms for row in form)], place)
    for number, table in enumerate(tables, 1):
        if not _is_form(table):
            yield from _table(table, f"{place} table {number}".strip())


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
