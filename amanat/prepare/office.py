"""Files that office programs write, one at a time: XLSX, DOCX, PDF, PNG. The smallest honest form of each; the same bytes every time."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any, Literal

# Practice files were all saved then; office formats carry no offset.
MOMENT = datetime(2026, 10, 30, 16, 45)  # noqa: DTZ001
_CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(paragraphs: Sequence[str], rows: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word document: paragraphs, then a table."""

    def run(text: str) -> str:
        # Word splits runs where it likes; half of the text in a second run keeps readers honest.
        half = len(text) // 2
        runs = "".join(f'<w:r><w:t xml:space="preserve">{escape(t)}</w:t></w:r>' for t in (text[:half], text[half:]) if t)
        return f"<w:p>{runs}</w:p>"

    body = "".join(run(p) for p in paragraphs)
    if rows:
        cells = ("".join(f"<w:tc>{run(c)}</w:tc>" for c in row) for row in rows)
        body += "<w:tbl>" + "".join(f"<w:tr>{c}</w:tr>" for c in cells) + "</w:tbl><w:p/>"
    document = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in (("[Content_Types].xml", _CONTENT_TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", document)):
            info = zipfile.ZipInfo(name, MOMENT.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, text)
    return packed.getvalue()


_INVOICES = """
#let pages = json(bytes(sys.inputs.pages))
#set document(title: "Karvan Hotels", date: none)
#set page(paper: "a5", margin: 15mm)
#set text(size: 9pt, font: "Libertinus Serif", hyphenate: false)
#for (i, p) in pages.enumerate() [
  #if i > 0 { pagebreak() }
  #text(size: 15pt, weight: "bold")[Karvan Hotels]
  #v(4mm)
  #for line in p.to [#line #linebreak()]
  #v(4mm)
  #text(weight: "bold")[#p.title]
  #v(2mm)
  #for line in p.lines [#line #linebreak()]
]
"""
_PASSPORT = """
#let p = json(bytes(sys.inputs.pages)).first()
#set page(width: 125mm, height: 88mm, margin: 7mm, fill: rgb("#e9e2d0"))
#set text(size: 10pt)
#text(size: 13pt, weight: "bold")[PASSPORT · SPECIMEN · UTOPIA]
#v(3mm)
#grid(columns: (32mm, 1fr), gutter: 5mm, rect(width: 30mm, height: 40mm, fill: rgb("#b8b2a2")), [#for line in p.lines [#line #linebreak()]])
#v(1fr)
#text(font: "DejaVu Sans Mono", size: 8pt)[#for line in p.zone [#line #linebreak()]]
"""


def pdf(pages: Sequence[dict[str, Any]]) -> bytes:
    """Invoices as one PDF; each page is `{"to": lines, "title": …, "lines": lines}`."""
    return _typeset(_INVOICES, pages, "pdf")


def passport_picture(page: dict[str, Any]) -> bytes:
    """The scan of an invented passport, as PNG: no honest reader finds text in it."""
    return _typeset(_PASSPORT, [page], "png")


def _typeset(source: str, pages: Sequence[dict[str, Any]], form: Literal["pdf", "png"]) -> bytes:
    import typst

    inputs = {"pages": json.dumps(list(pages), ensure_ascii=False)}
    return typst.compile(source.encode(), format=form, ppi=110, sys_inputs=inputs, ignore_system_fonts=True, timestamp=0, pdf_tags=False)


class Workbook:
    """The reception's workbook, written row by row: regular guests, spa, and a sheet without persons."""

    def __init__(self, path: Path) -> None:
        import xlsxwriter

        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "dd.mm.yyyy"})
        self._book.set_properties({"title": "Stammgäste", "author": "Karvan Hotels", "created": MOMENT})
        day = self._book.add_format({"num_format": "dd.mm.yyyy"})
        self._regulars, self._spa = self._book.add_worksheet("Stammgäste"), self._book.add_worksheet("Spa")
        summary = self._book.add_worksheet("Belegung")
        # The header of the first sheet stands in row 4, below a title, as people make them.
        self._regulars.write(0, 0, "Karvan Hotels: Stammgäste 2026 (vertraulich)")
        self._regulars.write(1, 0, "Stand")
        self._regulars.write_datetime(1, 1, MOMENT, day)
        self._regulars.write_row(3, 0, ("Nachname", "Vorname", "E-Mail", "Telefon", "Geburtsdatum", "Anschrift", "IBAN", "Karte"))
        self._spa.write_row(0, 0, ("Guest", "Born", "E-mail", "Treatment", "Please note"))
        summary.write_row(0, 0, ("Monat", "Nächte", "Vorgang"))
        for i in range(12):
            summary.write_row(i + 1, 0, (f"2026-{i + 1:02}", 4100 + 37 * i, 410000123400 + i))
        self._next_regular, self._next_spa = 4, 1

    def add_regular(self, values: Sequence[Any]) -> None:
        """A row of the first sheet; a birth date becomes a real Excel date."""
        self._regulars.write_row(self._next_regular, 0, values)
        self._next_regular += 1

    def add_spa(self, values: Sequence[Any]) -> None:
        """A row of the second sheet."""
        self._spa.write_row(self._next_spa, 0, values)
        self._next_spa += 1

    def close(self) -> None:
        self._book.close()
