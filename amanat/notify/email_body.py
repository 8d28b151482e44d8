"""The HTML body of a message: MJML compiled once for each notice, filled by Jinja2's sandbox for each form of it.

No word of the notice is part of the template: words come in as variables, so that no text can become code. Nothing is
loaded from elsewhere: no picture, no font, no counter. The only link leads to the company's own notices page. Nothing is
hidden: what lists of mails show beside the subject is the first line, for all to see. Hidden text is a trick of phishers.
"""

from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from amanat.lib.errors import Fixable
from amanat.notify.runs import runs
from amanat.notify.select import blocks, greeting_for, sections_for, title_for
from amanat.terms.company import Company
from amanat.terms.notice import Notice, Sentence
from amanat.wording.language import Words

LAYOUT = Path(__file__).parent / "email_body.mjml"
# A private-use character before the number of a slot; persons' values come in later.
SLOT = "\ue000"


class NotMjml(Fixable):
    """The layout is not valid MJML."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A layout with its notice."""

    template: Any
    notice: Notice
    company: Company
    words: Words

    def render(self, kinds: frozenset[str], basis: str, residence: str | None, reader: str) -> str:
        """The body for persons with these kinds, this basis, place and reader; slots are still marks."""
        mark = _Marker(self.words.language.direction, self.company.notices_url)
        return self.template.render(
            company=self.company.name,
            imprint=f"{self.company.legal_name}, {self.company.address}",
            title=mark.text(title_for(self.notice, reader)),
            preview=self.words.say(self.words.text["preview"]),
            date=mark.slot("date"),
            greeting=mark.text(greeting_for(self.notice, reader)),
            sections=[
                {"id": s.id, "heading": mark.text(s.heading), "groups": _groups(s.sentences, mark)}
                for s in sections_for(self.notice, kinds, basis, residence, reader)
            ],
            closing=[mark.text(line) for line in self.notice.closing.split("\n")],
        )


class _Marker:
    """Escapes words and marks runs that have a direction of their own."""

    def __init__(self, direction: str, url: str) -> None:
        self.direction, self.url = direction, url

    def slot(self, name: str) -> Any:
        from markupsafe import Markup

        return Markup(f"{SLOT}{('name', 'code', 'date').index(name)}")  # noqa: S704

    def text(self, text: str) -> Any:
        from markupsafe import Markup

        parts = []
        for run in runs(text, self.direction):
            if run.slot == "name":
                parts.append(f"<bdi>{self.slot('name')}</bdi>")
            elif run.slot:
                parts.append(f'<bdi dir="ltr" style="font-weight:bold;letter-spacing:1px;white-space:nowrap">{self.slot(run.slot)}</bdi>')
            elif run.text == self.url:
                parts.append(f'<a href="{escape(self.url)}" style="color:#0b4a6f"><bdi dir="ltr">{escape(run.text)}</bdi></a>')
            else:
                parts.append(f'<bdi dir="ltr">{escape(run.text)}</bdi>' if run.is_ltr else escape(run.text))
        return Markup("".join(parts))  # noqa: S704 - every piece was escaped above


def _groups(sentences: tuple[Sentence, ...], mark: _Marker) -> list[dict[str, Any]]:
    return [{"is_list": is_list, "texts": [mark.text(s.text) for s in group]} for is_list, group in blocks(sentences)]


def compile_body(notice: Notice, company: Company, words: Words) -> Compiled:
    """The layout in the language's direction, ready to be filled."""
    assert urlsplit(company.notices_url).scheme in ("http", "https"), "company.toml: notices_url is an address of the net"
    return Compiled(_template(notice.language, words.language.direction, words.language.list_style), notice, company, words)


@cache
def _template(language: str, direction: str, numbers: str) -> Any:
    import mrml
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    left, right = ("left", "right") if direction == "ltr" else ("right", "left")
    layout = LAYOUT.read_text(encoding="utf-8")
    for key, value in {"@language": language, "@direction": direction, "@start": left, "@end": right, "@numbers": numbers}.items():
        layout = layout.replace(key, value)
    try:
        html = mrml.to_html(layout).content
    except OSError as error:
        raise NotMjml(f"{LAYOUT}: {error}") from None
    if 'dir="' not in html.split("<body", 1)[1].split(">", 1)[0]:
        html = html.replace("<body", f'<body dir="{direction}"', 1)
    if 'lang="' not in html.split("<body", 1)[1].split(">", 1)[0]:
        html = html.replace("<body", f'<body lang="{language}"', 1)
    return ImmutableSandboxedEnvironment(autoescape=True, trim_blocks=True).from_string(html)
