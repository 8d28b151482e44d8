"""Folded lines: vCard, iCalendar and LDIF break long lines and begin the rest with a blank; here they are whole again."""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass

from amanat.scope.encoding import blocks, encoding_of, text_of
from amanat.scope.reader import Limits
from amanat.scope.source import Source

_PROPERTY = re.compile(r"(?:[\w-]+\.)?([\w-]+)((?:;(?:\"[^\"]*\"|[^\":;])*)*):(.*)", re.DOTALL)
_ESCAPE = re.compile(r"\\([nN,;:\\])")


def head_of(source: Source, size: int = 4096) -> str:
    """The first characters of a text file, "" when it is none."""
    head = source.peek(size)
    name = encoding_of(head)
    return "" if name is None else head.decode(name, "ignore").lstrip("\ufeff \t\r\n")


def whole_lines(source: Source, limits: Limits) -> Iterator[str]:
    """Lines without their ends and with their folds undone; one longer than a record may be ends there."""
    held: list[str] = []
    n_held = 0
    for block in blocks(source, record_bytes=limits.record_bytes):
        for line in block.decode().split("\n")[:-1] if block.endswith(b"\n") else block.decode().split("\n"):
            if line[:1] in (" ", "\t") and held and n_held < limits.record_bytes:
                held.append(line[1:])
                n_held += len(line)
                continue
            if held:
                yield "".join(held)
            held, n_held = [line], len(line)
    if held:
        yield "".join(held)


@dataclass(frozen=True, slots=True)
class Property:
    """One line of a vCard or an iCalendar: `TEL;TYPE=home:+44…`."""

    name: str  # in capitals
    parameters: str  # as written, ";TYPE=home"
    value: str  # as written

    def parameter(self, name: str) -> str:
        """The value of a parameter, "" when it is not there."""
        found = re.search(rf";{name}=(\"[^\"]*\"|[^\";:]*)", self.parameters, re.IGNORECASE)
        return found[1].strip('"') if found else ""

    @property
    def is_base64(self) -> bool:
        return self.parameter("ENCODING").upper() in ("B", "BASE64") or ";BASE64" in self.parameters.upper()

    @property
    def text(self) -> str:
        """The value as people read it."""
        value = self.value
        if "QUOTED-PRINTABLE" in self.parameters.upper():
            data = quopri.decodestring(value.encode("utf-8", "replace"))
            try:
                value = data.decode(self.parameter("CHARSET") or "utf-8")
            except (LookupError, ValueError):
                value = text_of(data) or data.decode("latin-1")
        return unescaped(value)


def properties(source: Source, limits: Limits) -> Iterator[Property]:
    """The properties of a vCard or iCalendar file; a line that is none has the name ""."""
    held = ""
    for line in whole_lines(source, limits):
        # vCard 2.1 breaks quoted-printable lines by an equals sign instead.
        if held:
            line, held = held + line, ""
        if line.endswith("=") and "QUOTED-PRINTABLE" in line[:200].upper() and len(line) < limits.record_bytes:
            held = line[:-1]
            continue
        if found := _PROPERTY.fullmatch(line):
            yield Property(found[1].upper(), found[2], found[3])
        elif line.strip():
            yield Property("", "", line)
    if held:
        yield Property("", "", held)


def unescaped(value: str) -> str:
    r"""
    >>> unescaped("Hotel\\, Lyon\\nFrance")
    'Hotel, Lyon\nFrance'
    """
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], value) if "\\" in value else value


def parted(value: str) -> list[str]:
    """The components of a value between semicolons that are not escaped, those that are empty too."""
    return [unescaped(part).strip() for part in re.split(r"(?<!\\);", value)]
