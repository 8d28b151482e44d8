"""HTML pages: the text that is seen, as one record; long pages by blocks."""

import re
from collections.abc import Iterator, Sequence

from amanat.scope.encoding import encoding_of, text_of
from amanat.scope.reader import Context, Fields, Read, Reader
from amanat.scope.source import Source
from amanat.scope.web_text import seen

_BEGINS = re.compile(r"(?is)\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html|head|body|table)\b")


def looks(source: Source) -> float:
    head = source.peek(4096)
    name = encoding_of(head)
    return 0.9 if name and _BEGINS.match(head.decode(name, "replace").lstrip("\ufeff")) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    text = seen(text_of(source.whole(context.limits.held_bytes)) or "")
    if len(text) <= 16 << 10:
        if text:
            yield Fields([text])
        return
    yield from (Fields([line]) for line in text.split("\n"))


def examples() -> Sequence[bytes]:
    return (b"<!DOCTYPE html><html><body><p>Dear Sara,</p><p>born 1980-02-01</p></body></html>",)


def not_examples() -> Sequence[bytes]:
    return (b"a < b and b > c\n", b"<htmlish>\n")


READER = Reader(
    says="web page (HTML)",
    looks=looks,
    read=read,
    suffixes=(".html", ".htm", ".xhtml"),
    source="https://html.spec.whatwg.org/",
    examples=examples,
    not_examples=not_examples,
)
