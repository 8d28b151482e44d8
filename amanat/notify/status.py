"""The status page as one file: what we know, what changed, when we write again, and everything said before.

No script, no picture, no font, no third party, under 30 kB: any web server can hand it out while a whole country looks at it, and
it opens on any phone. What was said before stays; where it would make the page too heavy, the older part stands on a second page.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from amanat.notify.said import Said, Story
from amanat.notify.sheet import html_of, line_html, outlet_words
from amanat.wording.language import Words

HERE = Path(__file__).parent
CSS = (HERE / "status_page.css").read_text(encoding="utf-8").strip()
# By which a page's security policy lets in this style and no other.
STYLE_HASH = f"'sha256-{b64encode(sha256(CSS.encode()).digest()).decode()}'"
SIZE_MAX_BYTES = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the page: to another language, to another page of the company."""

    label: str
    url: str
    language: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What stands around the words of the page."""

    language: str
    languages: Sequence[Link] = ()
    pages: Sequence[Link] = ()
    verify_url: str = ""
    atom_url: str = ""
    json_url: str = ""
    here_url: str = "./"
    before_url: str = "before.html"
    zone: str = "UTC"


def status_pages(stories: Sequence[Story], frame: Frame) -> dict[str, str]:
    """`index.html`, and `before.html` where not everything that was said fits on the first page.

    The first page holds as much of the past as it can, the newest first, and always how things stand now.
    """
    n_all = sum(len(story.before) for story in stories)
    page = _page(stories, frame, n_shown=n_all)
    if len(page.encode()) <= SIZE_MAX_BYTES:
        return {"index.html": page}
    low, high = 0, n_all - 1  # as many as fit, found by halving
    while low < high:
        middle = (low + high + 1) // 2
        fits = len(_page(stories, frame, n_shown=middle).encode()) <= SIZE_MAX_BYTES
        low, high = (middle, high) if fits else (low, middle - 1)
    return {"index.html": _page(stories, frame, n_shown=low), "before.html": _page(stories, frame, n_shown=n_all, is_before=True)}


def _page(stories: Sequence[Story], frame: Frame, *, n_shown: int, is_before: bool = False) -> str:
    words = outlet_words(frame.language)
    say = words.outlets
    past = sorted((one for story in stories for one in story.before), key=lambda one: one.at, reverse=True)
    shown = {one.id for one in past[:n_shown]}
    context: dict[str, Any] = {
        "language": frame.language,
        "direction": words.language.direction,
        "title": words.say(say["page"]),
        "css": _markup(CSS),
        "stories": [_shown(story, shown) for story in stories],
        "is_before": is_before,
        "languages": frame.languages,
        "pages": frame.pages,
        "verify_url": frame.verify_url,
        "before_url": frame.before_url,
        "back_url": frame.here_url,
        "feeds": [
            {"media_type": kind, "url": url, "label": words.say(say[label])}
            for kind, url, label in (
                ("application/atom+xml", frame.atom_url, "follow_atom"),
                ("application/feed+json", frame.json_url, "follow_json"),
            )
            if url
        ],
        "say": lambda key: words.say(say[key]),
        "line": lambda text: _markup(line_html(text, words.language.direction)),
        "day_of": lambda at: _markup(time_html(at, words, frame.zone)),
        "moment": lambda key, at: _moment(key, at, words, frame.zone),
        "body": lambda said, level: _markup(body_html(said, words, frame.zone, level=level)),
    }
    return _template().render(context).replace("\n\n", "\n")


def _shown(story: Story, shown: set[str]) -> Mapping[str, Any]:
    kept = [one for one in story.before if one.id in shown]
    return {"now": story.now, "shown": kept, "n_more": len(story.before) - len(kept)}


def body_html(said: Said, words: Words, zone: str, *, level: int = 2) -> str:
    """The words of one statement: that it was withdrawn, its title, what changed, and all parts."""
    direction = words.language.direction
    made = []
    if said.withdrawn_at:
        made.append(f'<p class="withdrawn"><strong>{_moment("withdrawn", said.withdrawn_at, words, zone)}</strong></p>')
    if said.sheet.title and level == 2:
        made.append(f"<h2>{line_html(said.sheet.title, said.sheet.direction)}</h2>")
    made.append(changed_html(said, words, zone, level=level))
    inner = html_of(said.sheet.parts, said.sheet.direction, level=level)
    # Where the words are not there in the reader's language, they stand in another, and say so to whoever reads them aloud.
    own = said.sheet.language == words.language.tag
    made.append(inner if own else f'<div lang="{said.sheet.language}" dir="{said.sheet.direction}">\n{inner}\n</div>')
    assert direction in ("ltr", "rtl")
    return "\n".join(one for one in made if one)


def changed_html(said: Said, words: Words, zone: str, *, level: int = 2) -> str:
    """What is new and what stands there no more; nothing when it is the first statement."""
    changed, say = said.changed, words.outlets
    if changed is None:
        return ""
    if changed.words:
        return html_of_text(words.say(say["changed"]), changed.words, said.sheet.direction, level)
    made = [f"<h{level}>{_moment('changed_since', changed.since, words, zone)}</h{level}>"]
    if changed.added:
        made.append("<ul>" + "".join(f"<li>{line_html(line, said.sheet.direction)}</li>" for line in changed.added) + "</ul>")
    if changed.removed:
        made.append(f"<p>{words.say(say['removed'])}</p>")
        made.append("<ul>" + "".join(f"<li><s>{line_html(line, said.sheet.direction)}</s></li>" for line in changed.removed) + "</ul>")
    return "\n".join(made)


def html_of_text(heading: str, text: str, direction: str, level: int) -> str:
    """A heading and paragraphs of plain text."""
    from amanat.notify.sheet import text_parts

    return html_of(text_parts(("", heading, text)), direction, level=level)


def time_html(at: datetime, words: Words, zone: str) -> str:
    """A moment as the language writes it, with the day as machines and other calendars write it."""
    gregorian = at.date().isoformat()
    title = f' title="{gregorian}"' if "calendar=" in words.language.locale else ""
    return f'<time datetime="{at.isoformat(timespec="minutes")}"{title}>{words.moment(at, zone)}</time>'


def _moment(key: str, at: datetime, words: Words, zone: str) -> Any:
    # The sentence is ours and holds no markup; the moment is put in after it was made.
    before, after = words.say(words.outlets[key], moment="\ue000").split("\ue000")
    return _markup(before + time_html(at, words, zone) + after)


def _markup(text: str) -> Any:
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  every word in it was escaped where it was set


@cache
def _template() -> Any:
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
        (HERE / "status_page.html").read_text(encoding="utf-8")
    )
