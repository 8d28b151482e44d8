"""The feeds: Atom and JSON Feed, for those who want to hear of news without giving us an address."""

from amanat.notify.feed import atom, json_feed
from amanat.notify.outlet import Artefact, Made, OutletType, Statement
from amanat.notify.said import Story


def _make(statement: Statement) -> Made:
    artefacts = []
    for notice in statement.notices:
        stories = [Story(statement.said(notice), (statement.before or {}).get(notice.language, ()))]
        base = f"{statement.url.rstrip('/')}/{notice.language}/"
        for name, media_type, write in (("feed.atom", "application/atom+xml", atom), ("feed.json", "application/feed+json", json_feed)):
            text = write(stories, notice.language, page_url=base, feed_url=base + name, zone=statement.zone)
            artefacts.append(
                Artefact(name=f"{notice.language}/{name}", media_type=f"{media_type}; charset=utf-8", language=notice.language, content=text.encode())
            )
    return artefacts, ()


OUTLET = OutletType(
    says="The feeds: Atom and JSON Feed, which repeat the status page.",
    audiences=("public", "press"),
    released_by="us",
    make=_make,
    makes=("en/feed.atom", "en/feed.json", "fa/feed.atom", "fa/feed.json"),
    source="https://www.rfc-editor.org/rfc/rfc4287",
    read_on="2026-11-22",
)
