"""An HTML part of a message: the text a reader sees, its links, and its forms."""

from dataclasses import dataclass
from html.parser import HTMLParser

_SILENT = frozenset({"script", "style", "head", "title", "template"})
_BLOCK = frozenset("p div br tr li h1 h2 h3 h4 h5 h6 table ul ol hr blockquote td".split())


@dataclass(frozen=True, slots=True)
class Link:
    """Words that can be clicked, and where the click leads. Without words: an address written out in plain text."""

    text: str
    target: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader of the page sees and can do."""

    text: str
    links: tuple[Link, ...]
    inputs: tuple[str, ...]  # types of the input fields
    has_script: bool


def read_page(html: str) -> Page:
    """The page; whatever its mark-up is like.

    >>> read_page('<p>Dear Zoë, <a href="https://a.example/x">click <b>here</b></a></p>').links
    (Link(text='click here', target='https://a.example/x'),)
    """
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except (AssertionError, ValueError, RecursionError):
        pass  # the library gives up at some malformed declarations; what came before counts
    reader.end_link()
    lines = (" ".join(line.split()) for line in "".join(reader.words).split("\n"))
    return Page("\n".join(line for line in lines if line), tuple(reader.links[:2000]), tuple(reader.inputs[:200]), reader.has_script)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.links: list[Link] = []
        self.inputs: list[str] = []
        self.has_script = False
        self._silent = 0
        self._target: str | None = None
        self._link_words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script" or any(name.startswith("on") for name in given):
            self.has_script = True
        if tag in _SILENT:
            self._silent += 1
        elif tag in _BLOCK:
            self.words.append("\n")
        if tag in ("a", "area") and "href" in given:
            self.end_link()
            self._target = given["href"].strip()
            if tag == "area":
                self.end_link()
        elif tag in ("input", "textarea", "select"):
            self.inputs.append(given.get("type", "text").lower() if tag == "input" else tag)
        elif tag == "form" and given.get("action"):
            self.links.append(Link("", given["action"].strip()))
        elif tag == "img" and given.get("alt"):
            self._say(given["alt"])
        if tag == "body":
            self._silent = 0  # a head that is never closed must not swallow the page

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(self._silent - 1, 0)
        elif tag == "a":
            self.end_link()
        elif tag in _BLOCK:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._say(data)

    def _say(self, words: str) -> None:
        self.words.append(words)
        if self._target is not None:
            self._link_words.append(words)

    def end_link(self) -> None:
        if self._target is not None:
            self.links.append(Link(" ".join("".join(self._link_words).split()), self._target))
        self._target, self._link_words = None, []
