"""The status page: one file for each language, which any web server can hand out."""

from amanat.notify.outlet import Artefact, Made, OutletType, Statement, objection
from amanat.notify.said import Story
from amanat.notify.status import SIZE_MAX_BYTES, Frame, Link, status_pages


def _make(statement: Statement) -> Made:
    from amanat import wording

    names = wording.languages()
    artefacts, findings = [], []
    for notice in statement.notices:
        before = (statement.before or {}).get(notice.language, ())
        story = Story(statement.said(notice), before)
        links = [
            Link(label=names[one.language], url=f"../{one.language}/index.html", language=one.language, is_here=one is notice)
            for one in statement.notices
        ]
        frame = Frame(
            language=notice.language,
            languages=links,
            verify_url=statement.company.notices_url,
            atom_url="feed.atom",
            json_url="feed.json",
            here_url="index.html",
            zone=statement.zone,
        )
        for name, page in status_pages([story], frame).items():
            content = page.encode()
            artefacts.append(
                Artefact(name=f"{notice.language}/{name}", media_type="text/html; charset=utf-8", language=notice.language, content=content)
            )
            if name == "index.html" and len(content) > SIZE_MAX_BYTES:
                says = f"the page has {len(content):,} bytes; on a slow connection it should have at most {SIZE_MAX_BYTES:,}"
                findings.append(objection("size", says, where=notice.language, rewrite="Shorten the text.", is_blocking=False))
    return artefacts, findings


OUTLET = OutletType(
    says="The status page: what we know, what changed, when we write again, everything said before.",
    audiences=("public", "press"),
    released_by="us",
    make=_make,
    makes=("en/index.html", "fa/index.html"),
    source="https://html.spec.whatwg.org/",
    read_on="2026-11-22",
)
