"""The feeds: Atom and JSON Feed, for those who want to hear of news without giving us an address."""

from collections.abc import Sequence

from amanat.notify.feed import atom, json_feed
from amanat.notify.outlet import Artefact, Made, OutletType, Statement
from amanat.notify.said import Said, story_of

WRITERS = {"feed.atom": ("application/atom+xml", atom), "feed.json": ("application/feed+json", json_feed)}


def feeds_of(said: Sequence[Said], language: str, url: str, zone: str = "UTC") -> dict[str, str]:
    """Both feeds of one language."""
    base = f"{url.rstrip('/')}/{language}/"
    return {name: write([story_of(said)], language, page_url=base, feed_url=base + name, zone=zone) for name, (_, write) in WRITERS.items()}


def _make(statement: Statement) -> Made:
    artefacts = []
    for notice in statement.notices:
        language = notice.language
        said = (statement.said(notice), *(statement.before or {}).get(language, ()))
        for name, text in feeds_of(said, language, statement.url, statement.zone).items():
            media_type = f"{WRITERS[name][0]}; charset=utf-8"
            artefacts.append(Artefact(name=f"{language}/{name}", media_type=media_type, language=language, content=text.encode()))
    return artefacts, ()


OUTLET = OutletType(
    says="The feeds: Atom and JSON Feed, which repeat the status page.",
    audiences=("public", "holding", "press"),
    released_by="us",
    comes_by=("site", "email"),
    make=_make,
    makes=("en/feed.atom", "en/feed.json", "fa/feed.atom", "fa/feed.json"),
    source="https://www.rfc-editor.org/rfc/rfc4287",
    read_on="2026-11-22",
)
