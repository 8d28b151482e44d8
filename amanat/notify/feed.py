"""The same as the status page for programs that look for news: Atom (RFC 4287) and JSON Feed 1.1, one of each in every language."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import datetime, timezone

from amanat.notify.said import Said, Story
from amanat.notify.sheet import outlet_words
from amanat.notify.status import body_html
from amanat.wording.language import Words

ATOM = "http://www.w3.org/2005/Atom"
# XML has no word for them; a text pasted from a slide may hold one, and must not take the feed away.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def atom(stories: Sequence[Story], language: str, *, page_url: str, feed_url: str, zone: str = "UTC") -> str:
    """Everything that was said in this language, the newest first, as an Atom feed."""
    words = outlet_words(language)
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": language})
    said = _newest_first(stories)
    _add(feed, "title", _title(stories, words))
    _add(feed, "id", page_url)
    _add(feed, "updated", _stamp(max((one.withdrawn_at or one.at for one in said), default=datetime(1970, 1, 1, tzinfo=timezone.utc))))
    ET.SubElement(feed, f"{{{ATOM}}}link", {"rel": "alternate", "type": "text/html", "hreflang": language, "href": page_url})
    ET.SubElement(feed, f"{{{ATOM}}}link", {"rel": "self", "type": "application/atom+xml", "href": feed_url})
    _add(ET.SubElement(feed, f"{{{ATOM}}}author"), "name", said[0].company if said else words.say(words.outlets["page"]))
    for one in said:
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _add(entry, "title", _heading(one, words, zone))
        _add(entry, "id", f"urn:uuid:{one.id}")
        _add(entry, "published", _stamp(one.at))
        _add(entry, "updated", _stamp(one.withdrawn_at or one.at))
        ET.SubElement(entry, f"{{{ATOM}}}link", {"rel": "alternate", "type": "text/html", "href": f"{page_url}#{one.id}"})
        _add(ET.SubElement(entry, f"{{{ATOM}}}author"), "name", one.company)
        _add(entry, "content", _content(one, words, zone), type="html")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, encoding="unicode") + "\n"


def json_feed(stories: Sequence[Story], language: str, *, page_url: str, feed_url: str, zone: str = "UTC") -> str:
    """The same as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""
    words = outlet_words(language)
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(stories, words),
        "home_page_url": page_url,
        "feed_url": feed_url,
        "language": language,
        "items": [
            {
                "id": f"urn:uuid:{one.id}",
                "url": f"{page_url}#{one.id}",
                "title": _heading(one, words, zone),
                "content_html": _content(one, words, zone),
                "date_published": _stamp(one.at),
                "date_modified": _stamp(one.withdrawn_at or one.at),
                "authors": [{"name": one.company}],
                "language": one.sheet.language,
            }
            for one in _newest_first(stories)
        ],
    }
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _newest_first(stories: Sequence[Story]) -> list[Said]:
    return sorted((one for story in stories for one in (story.now, *story.before)), key=lambda one: one.at, reverse=True)


def _title(stories: Sequence[Story], words: Words) -> str:
    page = words.say(words.outlets["page"])
    companies = {story.now.company for story in stories if story.now.company}
    return f"{companies.pop()}: {page}" if len(companies) == 1 else page


def _heading(one: Said, words: Words, zone: str) -> str:
    return _clean(": ".join(part for part in (one.company, one.sheet.title or words.day(one.at, zone)) if part))


def _content(one: Said, words: Words, zone: str) -> str:
    return _clean(body_html(one, words, zone, level=3))


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text)


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{tag}", attributes).text = _clean(text)


def _stamp(at: datetime) -> str:
    return at.astimezone(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
