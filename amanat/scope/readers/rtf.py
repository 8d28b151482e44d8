"""RTF: the text of a document as one record; long ones by paragraphs."""

import re
from collections.abc import Iterator, Sequence

from amanat.scope.reader import Context, Fields, Hole, Read, Reader
from amanat.scope.rtf_text import text_of_rtf
from amanat.scope.source import Source

_ONE_RECORD = 64 << 10
_PICTURE = re.compile(rb"\\(?:pngblip|jpegblip|dibitmap\d|wmetafile\d)")


def looks(source: Source) -> float:
    return 0.95 if source.peek(200).lstrip().startswith(b"{\\rt") else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    data = source.whole(min(context.limits.held_bytes, 64 << 20))
    text = text_of_rtf(data)
    if len(text) <= _ONE_RECORD:
        if text:
            yield Fields([text])
    else:
        yield from (Fields([line.strip()]) for line in text.split("\n") if line.strip())
    if _PICTURE.search(data):
        yield Hole("It holds pictures, which were not read.", "Look at it: scans of passports, cards and forms name persons.")


def examples() -> Sequence[bytes]:
    return (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Dear Zo\'eb,\par your room is \b paid\b0.\par}",
        rb"{\rtf1\ansi\uc1 \u1587?\u1575?\u1585?\u1575?\par}",
    )


def not_examples() -> Sequence[bytes]:
    return (b"{\\begin{document}\n",)


READER = Reader(
    says="text document (RTF)",
    looks=looks,
    read=read,
    suffixes=(".rtf",),
    source="https://www.biblioscape.com/rtf15_spec.htm",
    examples=examples,
    not_examples=not_examples,
)
