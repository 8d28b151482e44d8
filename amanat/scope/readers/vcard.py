"""vCards (VCF): a card is a record; names and addresses are put together as people write them."""

from collections.abc import Iterator, Sequence

from amanat.scope.folded import Property, head_of, parted, properties
from amanat.scope.reader import Context, Fields, Read, Reader
from amanat.scope.source import Source

_LABELS = {
    "FN": "full name", "NICKNAME": "nickname", "TEL": "phone", "EMAIL": "email", "BDAY": "birth date", "ORG": "organisation", "TITLE": "title",
    "NOTE": "note", "UID": "uid", "URL": "url", "IMPP": "messenger", "ROLE": "role", "GENDER": "gender", "GEO": "geo", "RELATED": "related",
}  # fmt: skip
_LEFT_OUT = {"BEGIN", "END", "VERSION", "PRODID", "REV"}


def looks(source: Source) -> float:
    return 0.95 if head_of(source)[:11].upper() == "BEGIN:VCARD" else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    labels: list[str] = []
    values: list[str] = []
    for one in properties(source, context.limits):
        if one.name in _LEFT_OUT:
            if values and one.name in ("BEGIN", "END"):
                yield Fields(values, labels)
                labels, values = [], []
            continue
        for label, value in _read_out(one):
            labels.append(label)
            values.append(value)
    if values:
        yield Fields(values, labels)


def _read_out(one: Property) -> Iterator[tuple[str, str]]:
    if one.is_base64 or one.value[:5] == "data:":
        return  # a photo, logo, sound or key
    text = one.text
    if one.name == "N":
        family, given, more = ([*parted(text), "", "", ""])[:3]
        if family:
            yield "family name", family
        if given:
            yield "given name", f"{given} {more}".strip()
    elif one.name == "ADR":
        yield "address", ", ".join(part for part in parted(text) if part)
    elif one.name == "TEL":
        yield "phone", text.removeprefix("tel:")
    elif text.strip():
        yield _LABELS.get(one.name, one.name.lower().removeprefix("x-")), text


def examples() -> Sequence[bytes]:
    return (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nN:Example;Sara;;;\r\nFN:Sara Example\r\nitem1.TEL;TYPE=cell:+44 7700 900123\r\n"
        b"ADR;TYPE=home:;;12 Long\r\n  Street;Lyon;;69001;France\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:;=D8=B3=D8=A7=D8=B1=\r\n=D8=A7;;;\r\nEND:VCARD\r\n",
    )


def not_examples() -> Sequence[bytes]:
    return (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", b"BEGIN: a story\n")


READER = Reader(
    says="address cards (vCard)",
    looks=looks,
    read=read,
    suffixes=(".vcf", ".vcard"),
    source="https://www.rfc-editor.org/rfc/rfc6350",
    examples=examples,
    not_examples=not_examples,
)
