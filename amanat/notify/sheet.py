"""Sheet: the words of a notice to everybody, in their order and filled in, before any format sets them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from html import escape
from urllib.parse import urlsplit

from amanat import wording
from amanat.lib.errors import Fixable
from amanat.notify.runs import plain, runs
from amanat.notify.select import blocks, variants
from amanat.terms.company import Company
from amanat.terms.notice import Notice, braced
from amanat.wording.language import Words


class NoOutletWords(Fixable):
    """A language in which nothing is written for those who are not affected themselves."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (its lines follow one another) or a list (each line is an item)."""

    lines: tuple[str, ...]
    is_list: bool = False
    is_ranked: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, which may be empty, and what stands below it."""

    id: str
    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A statement in one language."""

    language: str
    direction: str
    title: str
    parts: tuple[Part, ...]

    def sentences(self) -> Iterator[str]:
        """Every line, one after the other, without title and headings."""
        for part in self.parts:
            for block in part.blocks:
                yield from block.lines

    def text(self) -> str:
        """All of it as plain text."""
        made = [self.title]
        for part in self.parts:
            lines = [part.heading] if part.heading else []
            for block in part.blocks:
                lines.append("\n".join(f"- {line}" for line in block.lines) if block.is_list else " ".join(block.lines))
            made.append("\n".join(lines))
        return "\n\n".join(one for one in made if one)


def sheet_of(notice: Notice, company_notices_url: str, *, code: str) -> Sheet:
    """The notice as everybody reads it.

    A sentence that names one person is for one person, and left out. Where no sentence holds the code, one is added: whoever
    reads a statement must be able to find out whether it is ours.
    """
    words = outlet_words(notice.language)
    open_to_all = next(variants(notice))
    parts = []
    for section in open_to_all.sections:
        kept = tuple(s for s in section.sentences if "{name}" not in s.text)
        made = tuple(
            Block(tuple(_filled(s.text, code) for s in group), is_list=is_list, is_ranked=is_list and section.id == "what_you_do")
            for is_list, group in blocks(kept)
        )
        if made:
            parts.append(Part(section.id, plain(section.heading), made))
    if not any(code in line for part in parts for block in part.blocks for line in block.lines):
        check = Block((words.say(words.outlets["check"], code=code, url=company_notices_url),))
        there = next((n for n, part in enumerate(parts) if part.id == "is_this_real"), None)
        if there is None:
            parts.append(Part("is_this_real", words.headings["is_this_real"], (check,)))
        else:
            parts[there] = replace(parts[there], blocks=(*parts[there].blocks, check))
    return Sheet(notice.language, words.language.direction, plain(notice.title), tuple(parts))


def outlet_words(language: str) -> Words:
    """The words of a language, which must have those of the outlets; raises NoOutletWords."""
    words = wording.words(language)
    if not words.outlets:
        raise NoOutletWords(
            f"wording: nothing is written in {language!r} for statements to everybody; write {language}/outlets.toml as the others have it"
        )
    return words


def press_line(company: Company, words: Words) -> str:
    """Whom newsrooms ask: office, telephone, e-mail; empty where the company names nobody."""
    if company.press is None:
        return ""
    office = company.press.office.get(words.language.tag) or words.outlets["press_office"]
    reach = words.language.comma.join(one for one in (company.press.phone, company.press.email) if one)
    return words.say(words.outlets["press_contact"], office=office, reach=reach)


def html_of(parts: Iterable[Part], direction: str, *, level: int = 2) -> str:
    """The parts as HTML: headings of this level, paragraphs, lists; what has a direction of its own is isolated, addresses are links."""
    made = []
    for part in parts:
        if part.heading:
            made.append(f"<h{level}>{line_html(part.heading, direction)}</h{level}>")
        for block in part.blocks:
            if block.is_list:
                tag = "ol" if block.is_ranked else "ul"
                made.append(f"<{tag}>" + "".join(f"<li>{line_html(line, direction)}</li>" for line in block.lines) + f"</{tag}>")
            else:
                made.append(f"<p>{' '.join(line_html(line, direction) for line in block.lines)}</p>")
    return "\n".join(made)


def line_html(line: str, direction: str) -> str:
    """One line of plain text as HTML."""
    made = ""
    for run in runs(braced(line), direction):
        shown = escape(run.text).replace("\n", "<br>")
        if urlsplit(run.text).scheme in ("http", "https") and run.is_ltr:
            shown = f'<a href="{escape(run.text)}">{shown}</a>'
        made += f'<bdi dir="ltr">{shown}</bdi>' if run.is_ltr and direction == "rtl" else shown
    return made


def text_parts(*pairs: tuple[str, str, str]) -> tuple[Part, ...]:
    """Parts of (id, heading, text): paragraphs of the text are parted by empty lines; parts without text are left out."""
    return tuple(
        Part(id, heading, tuple(Block((" ".join(p.split()),)) for p in text.replace("\r", "").split("\n\n") if p.strip()))
        for id, heading, text in pairs
        if text.strip()
    )


def sheet_of_parts(language: str, said: Mapping[str, str]) -> Sheet:
    """A sheet of an update that somebody wrote by hand: what is known, what is not, and what is being done."""
    words = outlet_words(language)
    headings = (("known", "known", "what_happened"), ("unknown", "not_known", "what_we_do_not_know"), ("doing", "doing", "what_we_did"))
    parts = text_parts(*((id, words.say(words.outlets[heading]), said.get(key, "")) for key, heading, id in headings))
    return Sheet(language, words.language.direction, "", parts)


def _filled(text: str, code: str) -> str:
    return plain(text).replace("{code}", code)
