"""Paper: a sheet as PDF (PDF/UA), as a Word file and as a page of its own, all three from the same words."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from html import escape
from typing import Any

from amanat.notify.runs import runs
from amanat.notify.sheet import Block, Part, Sheet, html_of, line_html, outlet_words
from amanat.notify.status import CSS
from amanat.notify.typesetter import HOME, Typesetter
from amanat.terms.company import Company
from amanat.terms.notice import braced
from amanat.terms.places import country_of

LETTER_PAPER = frozenset(("US", "CA", "MX", "PH", "CO", "CL", "VE", "PR"))
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT_LTR, FONT_RTL = "Arial", "Tahoma"  # that every office program has, with all our letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is printed: the sheet, and what stands above and below it."""

    sheet: Sheet
    company: Company
    kind: str  # "Press release"
    lead: tuple[str, ...]  # lines above the title
    tail: tuple[str, ...]  # lines at the end
    at: datetime


def pdf_of(paper: Paper) -> bytes:
    """The paper as a tagged PDF (PDF/UA-1)."""
    return _typesetter().pdf(_data(paper), paper.at.astimezone(timezone.utc).date())


def html_page(paper: Paper) -> bytes:
    """The paper as a page that needs nothing else."""
    sheet = paper.sheet
    lines = "".join(f"<p>{line_html(line, sheet.direction)}</p>\n" for line in paper.lead)
    tail = "".join(f"<p>{line_html(line, sheet.direction)}</p>\n" for line in paper.tail)
    imprint = line_html(f"{paper.company.legal_name}, {paper.company.address}", sheet.direction)
    return (
        f'<!doctype html>\n<html lang="{sheet.language}" dir="{sheet.direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{escape(sheet.title)}</title>\n'
        f"<style>{CSS}</style>\n</head>\n<body>\n"
        f'<header><p class="company"><bdi>{escape(paper.company.name)}</bdi></p></header>\n<main>\n'
        f"<p><strong>{line_html(paper.kind, sheet.direction)}</strong></p>\n{lines}<h1>{line_html(sheet.title, sheet.direction)}</h1>\n"
        f'{html_of(sheet.parts, sheet.direction)}\n{tail}</main>\n<footer><p class="quiet">{imprint}</p></footer>\n</body>\n</html>\n'
    ).encode()


def docx_of(paper: Paper) -> bytes:
    """The paper as a Word file, with real headings and lists, its language, and its direction; the same words give the same bytes."""
    from docx import Document

    document = Document()
    for id, relation in list(document.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):  # the library's template brings a picture of an empty page
            del document.part.package.rels[id]
    properties = document.core_properties
    properties.title, properties.author, properties.language = paper.sheet.title, paper.company.name, paper.sheet.language
    properties.created = properties.modified = paper.at.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    properties.last_modified_by, properties.comments = "", ""
    _set_language(document, paper.sheet)
    add = _Writer(document, paper.sheet)
    add.paragraph(paper.company.name, is_bold=True)
    add.paragraph(f"{paper.company.legal_name}, {paper.company.address}")
    add.paragraph(paper.kind, is_bold=True)
    for line in paper.lead:
        add.paragraph(line)
    add.heading(paper.sheet.title, 1)
    for part in paper.sheet.parts:
        if part.heading:
            add.heading(part.heading, 2)
        for block in part.blocks:
            add.block(block)
    for line in paper.tail:
        add.paragraph(line)
    file = io.BytesIO()
    document.save(file)
    return _undated(file.getvalue(), paper.at)


def line_of(day: str, company: str, sheet: Sheet) -> str:
    """Company and day as the first line of a release."""
    words = outlet_words(sheet.language)
    return words.say(words.outlets["press_line"], company=company, day=day)


# ---- PDF ----


@cache
def _typesetter() -> Typesetter:
    return Typesetter(HOME / "press.typ")


def _data(paper: Paper) -> dict[str, Any]:
    sheet, company = paper.sheet, paper.company
    words = outlet_words(sheet.language)

    def line(text: str) -> list[dict[str, Any]]:
        return [{"text": run.text, "ltr": run.is_ltr} for run in runs(braced(text), sheet.direction)]

    def part(one: Part) -> dict[str, Any]:
        made = [{"is_list": b.is_list, "is_ranked": b.is_ranked, "lines": [line(text) for text in b.lines]} for b in one.blocks]
        return {"heading": line(one.heading), "blocks": made}

    return {
        "language": sheet.language,
        "direction": sheet.direction,
        "digits": [words.say("{n,number}", n=n) for n in range(10)],
        "paper": "us-letter" if country_of(company.country) in LETTER_PAPER else "a4",
        "company": company.name,
        "imprint": line(f"{company.legal_name}, {company.address}"),
        "kind": line(paper.kind),
        "lead": [line(text) for text in paper.lead],
        "title": line(sheet.title),
        "title_plain": sheet.title,
        "parts": [part(one) for one in sheet.parts],
        "tail": [line(text) for text in paper.tail],
        "page": words.say(words.text["page"], n="\ue001", total="\ue002"),
    }


# ---- Word ----


class _Writer:
    """Adds paragraphs in the direction of the sheet; runs of another direction are marked as such."""

    def __init__(self, document: Any, sheet: Sheet) -> None:
        self._document, self._sheet = document, sheet
        self._is_rtl = sheet.direction == "rtl"

    def heading(self, text: str, level: int) -> None:
        self._fill(self._document.add_heading(level=level), text)

    def paragraph(self, text: str, *, is_bold: bool = False) -> None:
        self._fill(self._document.add_paragraph(), text, is_bold=is_bold)

    def block(self, block: Block) -> None:
        if not block.is_list:
            self.paragraph(" ".join(block.lines))
            return
        for line in block.lines:
            self._fill(self._document.add_paragraph(style="List Number" if block.is_ranked else "List Bullet"), line)

    def _fill(self, paragraph: Any, text: str, *, is_bold: bool = False) -> None:
        from docx.oxml.ns import qn

        if self._is_rtl:
            bidi = paragraph._p.get_or_add_pPr().makeelement(qn("w:bidi"), {})
            paragraph._p.get_or_add_pPr().insert_element_before(bidi, "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:rPr")
        for run in runs(braced(text), self._sheet.direction):
            made = paragraph.add_run(run.text)
            made.bold = True if is_bold else None
            if self._is_rtl and not run.is_ltr:
                made.font.rtl = True
                # Persian letters take the font of "complex scripts", and bold of their own.
                made.font.complex_script = True
                made.font.cs_bold = True if is_bold else None


def _set_language(document: Any, sheet: Sheet) -> None:
    from docx.oxml.ns import qn

    is_rtl = sheet.direction == "rtl"
    for name in ("Normal", "Heading 1", "Heading 2", "List Bullet", "List Number"):
        properties = document.styles[name].element.get_or_add_rPr()
        fonts = properties.find(qn("w:rFonts"))
        if fonts is None:
            fonts = properties.makeelement(qn("w:rFonts"), {})
            properties.insert(0, fonts)
        for key in list(fonts.attrib):
            del fonts.attrib[key]
        for key in ("w:ascii", "w:hAnsi", "w:eastAsia"):
            fonts.set(qn(key), FONT_LTR)
        fonts.set(qn("w:cs"), FONT_RTL)
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        language = properties.makeelement(qn("w:lang"), {qn("w:bidi" if is_rtl else "w:val"): sheet.language})
        properties.append(language)


def _undated(content: bytes, at: datetime) -> bytes:
    # The library stamps each part with the moment of writing; two signatures need the same bytes from the same words.
    stamp = at.astimezone(timezone.utc).timetuple()[:6]
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, date_time=stamp)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return made.getvalue()


def papers(name: str, paper: Paper) -> Sequence[tuple[str, str, bytes]]:
    """The three files: name, media type, content."""
    language = paper.sheet.language
    return (
        (f"{name}.{language}.docx", DOCX, docx_of(paper)),
        (f"{name}.{language}.html", "text/html; charset=utf-8", html_page(paper)),
        (f"{name}.{language}.pdf", "application/pdf", pdf_of(paper)),
    )
