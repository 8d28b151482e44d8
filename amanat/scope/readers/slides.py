"""PPTX: a slide is a record, with its notes and comments; a table's row is a record of its own."""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence

from amanat.scope.prose import read_prose
from amanat.scope.reader import Context, Inner, Read, Reader
from amanat.scope.readers.letter import is_inside
from amanat.scope.source import Expanding, Source
from amanat.scope.zip_names import names_of

_MAIN = "ppt/presentation.xml"
_PARTS = re.compile(r"ppt/(?:slides/(slide)|notesSlides/(notes)Slide|comments/(?:modernC|c)(omment)\w*?)(\d*)\.xml")


def looks(source: Source) -> float:
    return 0.95 if source.peek(4) == b"PK\x03\x04" and _MAIN in names_of(source) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    with zipfile.ZipFile(source.seekable(context.limits.held_bytes)) as archive:
        for member in sorted(archive.infolist(), key=lambda member: (len(member.filename), member.filename)):
            context.budget.entry()
            part = _PARTS.fullmatch(member.filename)
            if not part and not is_inside(member):
                continue
            if member.flag_bits & 1:
                raise context.locked()
            with archive.open(member) as stream:
                inside = Expanding(stream, context.budget, member.compress_size)
                if part:
                    yield from read_prose(inside, f"{part[1] or part[2] or 'comment'} {part[4]}".strip())
                else:
                    yield Inner(member.filename, Source(inside, name=member.filename, size=member.file_size, depth=source.depth + 1))


def examples() -> Sequence[bytes]:
    out = io.BytesIO()
    slide = "<p:sld xmlns:p='p' xmlns:a='a'><a:p><a:r><a:t>Guest: Sara</a:t></a:r></a:p><a:p><a:r><a:t>Room 12</a:t></a:r></a:p></p:sld>"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_MAIN, "<p:presentation xmlns:p='p'/>")
        archive.writestr("ppt/slides/slide1.xml", slide)
    return (out.getvalue(),)


def not_examples() -> Sequence[bytes]:
    return (b"PK\x03\x04ppt/presentation.xml",)


READER = Reader(
    says="presentation (PPTX)",
    looks=looks,
    read=read,
    suffixes=(".pptx", ".pptm", ".ppsx", ".potx"),
    source="https://ecma-international.org/publications-and-standards/standards/ecma-376/",
    examples=examples,
    not_examples=not_examples,
)
