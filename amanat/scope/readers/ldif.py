"""LDIF: exports of directories (LDAP, Active Directory); an entry is a record."""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence

from amanat.scope.columns import text_of_bytes
from amanat.scope.encoding import text_of
from amanat.scope.folded import head_of, whole_lines
from amanat.scope.reader import Context, Fields, Hole, Read, Reader
from amanat.scope.source import Source

_BEGINS = re.compile(r"(?:#[^\n]*\r?\n|\r?\n)*(?:version:\s*1\s*\r?\n(?:#[^\n]*\r?\n|\r?\n)*)?dn:{1,2} ?[^\r\n]*(?:=|$|\r?\n)", re.IGNORECASE)


def looks(source: Source) -> float:
    return 0.9 if _BEGINS.match(head_of(source)) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    labels: list[str] = []
    values: list[str] = []
    n_binary, binary_bytes = 0, 0
    for line in whole_lines(source, context.limits):
        if not line.strip():
            if values:
                yield Fields(values, labels)
                labels, values = [], []
            continue
        name, colon, value = line.partition(":")
        if line[0] in "#-" or name.lower() == "version":
            continue
        if not colon:
            name, value = "", line
        elif value[:1] == ":":
            data = _from_base64(value[1:].strip())
            if data is None:
                value = value[1:]
            elif len(data) > 512 and b"\0" in data[:512]:
                n_binary, binary_bytes = n_binary + 1, binary_bytes + len(data)
                continue
            else:
                value = (text_of(data) or text_of_bytes(data)) if data else ""
        # ";binary", ";lang-fr"
        labels.append(name.partition(";")[0])
        values.append(value.strip())
    if values:
        yield Fields(values, labels)
    if n_binary:
        yield Hole(
            f"{n_binary:,} of its values are pictures or of a binary format that is not known.",
            "Look at some of them by hand: scans of passports, cards and forms name persons.",
            size_bytes=binary_bytes,
        )


def _from_base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def examples() -> Sequence[bytes]:
    return (
        b"version: 1\n\n# people\ndn: uid=sara,ou=people,dc=example,dc=org\ncn:: 2LPYp9ix2Kc=\nmail: sara@exam\n ple.org\n\n"
        b"dn: uid=omid,ou=people,dc=example,dc=org\nmail: omid@example.org\n",
    )


def not_examples() -> Sequence[bytes]:
    return (b"dna: a molecule\n", b"version: 1\nname: Sara\n")


READER = Reader(
    says="directory export (LDIF)",
    looks=looks,
    read=read,
    suffixes=(".ldif", ".ldf"),
    source="https://www.rfc-editor.org/rfc/rfc2849",
    examples=examples,
    not_examples=not_examples,
)
