"""The status page: one file for each language, which any web server can hand out."""

from collections.abc import Iterable, Sequence

from amanat.notify.outlet import Artefact, Made, OutletType, Statement, objection
from amanat.notify.said import Said, story_of
from amanat.notify.status import SIZE_MAX_BYTES, Frame, Link, status_pages


def pages_of(said: Sequence[Said], language: str, languages: Iterable[str], verify_url: str, zone: str = "UTC") -> dict[str, str]:
    """The files of one language: `index.html`, and `before.html` where the past does not fit."""
    from amanat import wording

    names = wording.languages()
    links = [Link(label=names[one], url=f"../{one}/index.html", language=one, is_here=one == language) for one in languages]
    frame = Frame(
        language=language, languages=links, verify_url=verify_url, atom_url="feed.atom", json_url="feed.json", here_url="index.html", zone=zone
    )
    return status_pages([story_of(said)], frame)


def _make(statement: Statement) -> Made:
    artefacts, findings = [], []
    languages = [notice.language for notice in statement.notices]
    for notice in statement.notices:
        language = notice.language
        said = (statement.said(notice), *(statement.before or {}).get(language, ()))
        for name, page in pages_of(said, language, languages, statement.company.notices_url, statement.zone).items():
            content = page.encode()
            artefacts.append(Artefact(name=f"{language}/{name}", media_type="text/html; charset=utf-8", language=language, content=content))
            if name == "index.html" and len(content) > SIZE_MAX_BYTES:
                says = f"the page has {len(content):,} bytes; on a slow connection it should have at most {SIZE_MAX_BYTES:,}"
                findings.append(objection("size", says, where=language, rewrite="Shorten the text.", is_blocking=False))
    return artefacts, findings


OUTLET = OutletType(
    says="The status page: what we know, what changed, when we write again, everything said before.",
    audiences=("public", "holding", "press"),
    released_by="us",
    comes_by=("site",),
    make=_make,
    makes=("en/index.html", "fa/index.html"),
    source="https://html.spec.whatwg.org/",
    read_on="2026-11-22",
)
