"""The press release as PDF, as a Word file and as a page, all three from the same words."""

from amanat.notify.outlet import Artefact, Made, OutletType, Statement
from amanat.notify.paper import Paper, line_of, papers
from amanat.notify.post import pictures_of, undescribed
from amanat.notify.sheet import outlet_words, press_line, sheet_of
from amanat.terms.notice import Finding
from amanat.wording.language import Words


def _make(statement: Statement) -> Made:
    artefacts: list[Artefact] = []
    findings: list[Finding] = []
    for notice in statement.notices:
        words = outlet_words(notice.language)
        sheet = sheet_of(notice, statement.company.notices_url, code=statement.code)
        # The press text holds the line itself; first words and what everybody reads do not.
        for_press = press_line(statement.company, words)
        tail = [for_press] if for_press and for_press not in sheet.sentences() else []
        paper = Paper(
            sheet=sheet,
            company=statement.company,
            kind=words.say(words.outlets["press"]),
            lead=(line_of(words.day(statement.at, statement.zone), statement.company.name, sheet),),
            tail=(*tail, *_shown(statement, words), words.say(words.outlets["press_end"]), words.say(words.outlets["press_same"], url=statement.url)),
            at=statement.at,
        )
        artefacts += [
            Artefact(name=name, media_type=media_type, language=notice.language, content=content)
            for name, media_type, content in papers("press-release", paper)
        ]
        alts = [(picture, picture.alt.get(notice.language, "").strip()) for picture in statement.pictures]
        findings += undescribed(alts, notice.language)
    return artefacts + pictures_of(statement), findings


def _shown(statement: Statement, words: Words) -> list[str]:
    """A line for each picture that is handed out with the paper: what it shows."""
    alts = [picture.alt.get(words.language.tag, "").strip() for picture in statement.pictures]
    return [words.say(words.outlets["picture"], n=n, alt=alt or "?") for n, alt in enumerate(alts, 1)]


OUTLET = OutletType(
    says="The press release: PDF, Word and HTML, to be handed to the press.",
    audiences=("press", "holding", "public"),
    released_by="hand",
    comes_by=("site", "letter", "email"),
    make=_make,
    makes=(
        "press-release.en.docx",
        "press-release.en.html",
        "press-release.en.pdf",
        "press-release.fa.docx",
        "press-release.fa.html",
        "press-release.fa.pdf",
    ),
    source="https://www.iso.org/standard/64599.html",
    read_on="2026-11-22",
)
