"""Files that came with a message, and the files inside archives among them."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from amanat.detect.mail import Mail

FILES_MAX = 200
INSIDE_MAX = 8 << 20  # bytes of a member that are looked at
TOTAL_MAX = 64 << 20  # bytes unpacked from one message


@dataclass(frozen=True, slots=True)
class Inside:
    """One file: attached itself, or inside an archive that is."""

    name: str
    type: str
    content: bytes = field(repr=False)
    is_locked: bool = False


def files_in(mail: Mail) -> Iterator[Inside]:
    """Every file, with the members of zip archives; what is locked comes without content."""
    left = TOTAL_MAX
    for file in mail.attachments[:FILES_MAX]:
        members = []
        if file.content[:4] == b"PK\x03\x04" and suffix(file.name) in ("zip", ""):
            members = list(_members(file.content, left))
            left -= sum(len(m.content) for m in members)
        yield Inside(file.name, file.type, file.content, is_locked=any(m.is_locked for m in members))
        yield from (m for m in members if not m.is_locked)


def suffix(name: str) -> str:
    """The ending of a file's name, without dot, lower case.

    >>> suffix("Invoice.PDF "), suffix("none")
    ('pdf', '')
    """
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def _members(content: bytes, left: int) -> Iterator[Inside]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist()[:FILES_MAX]:
                if member.flag_bits & 1:
                    yield Inside(member.filename, "", b"", is_locked=True)
                    continue
                with archive.open(member) as file:
                    data = file.read(min(INSIDE_MAX, max(left, 0)))
                left -= len(data)
                yield Inside(member.filename, "", data)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, RuntimeError, zlib.error):
        return  # damaged; its name and first bytes were judged already
