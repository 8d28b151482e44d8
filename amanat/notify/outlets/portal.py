"""The company's own portal: a signed message that it fetches and shows to whoever is logged in there.

It says the same to everyone, so nobody's data travel. What the portal must do stands in `docs/how-to/outlets.md`.
"""

from datetime import timedelta
from html import escape

from amanat.notify.outlet import Artefact, Made, OutletType, Statement
from amanat.notify.said import Said
from amanat.notify.sheet import html_of, line_html, outlet_words
from amanat.notify.signed import sign_statement

FORMAT = "amanat portal message 1"
VALID_FOR = timedelta(days=30)  # a portal that cannot reach us shows nothing older


def portal_body(said: Said, statement: Statement) -> dict[str, object]:
    """The message as the portal reads it."""
    sheet = said.sheet
    return {
        "format": FORMAT,
        "id": said.id,
        "company": said.company,
        "language": sheet.language,
        "direction": sheet.direction,
        "title": sheet.title,
        "html": snippet(said),
        "text": sheet.text(),
        "code": statement.code,
        "said_at": said.at.isoformat(timespec="seconds"),
        "next_at": said.next_at.isoformat(timespec="seconds") if said.next_at else None,
        "valid_until": (said.at + VALID_FOR).isoformat(timespec="seconds"),
        "url": statement.url,
    }


def snippet(said: Said) -> str:
    """A closed region of HTML that needs no style and no script of ours, and collapses to its title."""
    sheet = said.sheet
    inner = html_of(sheet.parts, sheet.direction, level=3)
    open_words = outlet_words(sheet.language).outlets["portal_open"]
    title = line_html(sheet.title, sheet.direction)
    return (
        f'<section class="amanat-message" lang="{sheet.language}" dir="{sheet.direction}" aria-label="{escape(sheet.title)}">\n<h2>{title}</h2>\n'
        f"<details><summary>{line_html(open_words, sheet.direction)}</summary>\n{inner}\n</details>\n</section>\n"
    )


def _make(statement: Statement) -> Made:
    artefacts = []
    for notice in statement.notices:
        said = statement.said(notice)
        language = notice.language
        signed = sign_statement(portal_body(said, statement), statement.signer)
        artefacts.append(
            Artefact(name=f"{language}/portal.html", media_type="text/html; charset=utf-8", language=language, content=snippet(said).encode())
        )
        artefacts.append(Artefact(name=f"{language}/portal.json", media_type="application/json", language=language, content=signed.encode()))
    return artefacts, ()


OUTLET = OutletType(
    says="The message in the company's own portal, signed.",
    audiences=("public", "holding", "press"),
    released_by="us",
    comes_by=("site",),
    make=_make,
    makes=("en/portal.html", "en/portal.json", "fa/portal.html", "fa/portal.json"),
    source="https://www.rfc-editor.org/rfc/rfc8032",
    read_on="2026-11-22",
)
