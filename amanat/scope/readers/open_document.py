"""OpenDocument texts, presentations and drawings (ODT, ODP, ODG); a letter or slide is a record, as is a table's row."""

import io
import zipfile
from collections.abc import Iterator, Sequence

from amanat.scope.prose import read_prose
from amanat.scope.reader import Context, Inner, Read, Reader
from amanat.scope.readers.letter import is_inside
from amanat.scope.source import Expanding, Source
from amanat.scope.zip_names import names_of

_TYPE = b"application/vnd.oasis.opendocument."
_SHEET = _TYPE + b"spreadsheet"
_PARTS = {"content.xml": "", "styles.xml": "header or footer"}  # headers and footers stand among the styles


def looks(source: Source) -> float:
    head = source.peek(200)
    if not head.startswith(b"PK\x03\x04"):
        return 0.0
    if _TYPE in head:
        return 0.0 if _SHEET in head else 0.95
    names = names_of(source)
    return 0.7 if "content.xml" in names and "META-INF/manifest.xml" in names else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    with zipfile.ZipFile(source.seekable(context.limits.held_bytes)) as archive:
        if is_encrypted(archive):
            raise context.locked()
        for member in sorted(archive.infolist(), key=lambda member: (member.filename not in _PARTS, member.filename)):
            context.budget.entry()
            place = _PARTS.get(member.filename)
            if place is None and not is_inside(member):
                continue
            with archive.open(member) as stream:
                inside = Expanding(stream, context.budget, member.compress_size)
                if place is not None:
                    yield from read_prose(inside, place, is_open_document=True)
                else:
                    yield Inner(member.filename, Source(inside, name=member.filename, size=member.file_size, depth=source.depth + 1))


def is_encrypted(archive: zipfile.ZipFile) -> bool:
    """Whether an OpenDocument file's parts are encrypted: its manifest says so."""
    try:
        with archive.open("META-INF/manifest.xml") as stream:
            return b"encryption-data" in stream.read(1 << 20)
    except (KeyError, zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return False


def document(body: str, kind: str = "text") -> bytes:
    """A small document for examples, from the XML of its body."""
    out = io.BytesIO()
    spaces = "".join(f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"' for name, urn in _SPACES.items())
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("mimetype"), _TYPE + kind.encode())
        archive.writestr("content.xml", f"<office:document-content{spaces}><office:body>{body}</office:body></office:document-content>")
    return out.getvalue()


_SPACES = {"office": "office", "text": "text", "table": "table", "draw": "drawing"}


def examples() -> Sequence[bytes]:
    row = "<table:table-row>" + "<table:table-cell><text:p>{}</text:p></table:table-cell>" * 2 + "</table:table-row>"
    table = f"<table:table>{row.format('Name', 'Born')}{row.format('Sara', '1980-02-01')}</table:table>"
    text = f"<text:p>Dear <text:span>Sara</text:span>,</text:p><text:p>your room<text:line-break/>is paid.</text:p>{table}"
    slides = "<draw:page><text:p>Guests</text:p></draw:page><draw:page><text:p>Sara</text:p></draw:page>"
    return (document(text), document(slides, "presentation"))


def not_examples() -> Sequence[bytes]:
    return (b"PK\x03\x04" + _SHEET + bytes(40), b"content.xml\n")


READER = Reader(
    says="text or presentation (ODT, ODP, ODG)",
    looks=looks,
    read=read,
    suffixes=(".odt", ".ott", ".odp", ".otp", ".odg"),
    source="https://docs.oasis-open.org/office/OpenDocument/v1.3/OpenDocument-v1.3-part3-schema.html",
    examples=examples,
    not_examples=not_examples,
)
