"""Programs (VBA macros) in Office files: whether there is one, and whether it starts by itself.

Both families of files are read: those that are zip archives with a `vbaProject.bin`, and the older compound files.
The program's text is unpacked as [MS-OVBA] 2.4.1 says; nothing is ever run.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

TEXT_MAX = 1 << 20
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# What begins by itself, and what reaches out of the document.
_STARTS = re.compile(rb"(?i)\b(auto_?open|auto_?exec|auto_?close|document_open|document_close|workbook_open|workbook_activate|userform_initialize)\b")


def macros_in(content: bytes) -> tuple[str, ...] | None:
    """None: no macro; otherwise the names by which it starts by itself (none: it waits to be called)."""
    programs = list(_programs(content))
    if not programs:
        return None
    return tuple(sorted({found[0].decode().lower() for text in programs for found in _STARTS.finditer(text)}))


def _programs(content: bytes) -> Iterator[bytes]:
    if content.startswith(b"PK\x03\x04"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for member in archive.infolist()[:2000]:
                    if member.filename.lower().endswith("vbaproject.bin") and member.file_size <= 32 << 20:
                        inner = archive.read(member)
                        found = list(_programs(inner))
                        # A project that cannot be unpacked is a macro all the same.
                        yield from found or [inner]
        except (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, RuntimeError):
            return
    elif content.startswith(_COMPOUND):
        yield from _in_compound(content)


def _in_compound(content: bytes) -> Iterator[bytes]:
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as compound:
            for path in compound.listdir()[:2000]:
                names = [name.lower() for name in path]
                if "vba" not in names[:-1] or names[-1] in ("dir", "_vba_project", "project") or names[-1].startswith("__srp"):
                    continue
                text = _source(compound.openstream(path).read(8 << 20))
                if text:
                    yield text
    except (OSError, ValueError, IndexError, TypeError, AttributeError, KeyError, OverflowError):
        return


def _source(stream: bytes) -> bytes:
    """The program's text in a module's stream: a packed container somewhere behind the compiled form."""
    at = 0
    while (at := stream.find(b"\x01", at)) >= 0:
        # A container begins with 1 and a chunk header whose upper bits are 0b1011 (packed) or 0b0011 (plain).
        if at + 3 < len(stream) and (stream[at + 2] & 0x70) == 0x30:
            text = unpack(stream[at:])
            if b"Attribute" in text[:64] or b"Sub " in text or b"Function " in text:
                return text
        at += 1
    return b""


def unpack(packed: bytes) -> bytes:
    """[MS-OVBA] 2.4.1.3: what a compressed container holds; as much of it as is well formed."""
    out, at = bytearray(), 1
    while at + 2 <= len(packed) and len(out) < TEXT_MAX:
        header = int.from_bytes(packed[at : at + 2], "little")
        end = min(at + 3 + (header & 0x0FFF), len(packed))
        if (header >> 12) & 7 != 3:
            break
        at += 2
        begin = len(out)
        if not header & 0x8000:
            out += packed[at:end]
            at = end
            continue
        while at < end:
            flags, at = packed[at], at + 1
            for bit in range(8):
                if at >= end:
                    break
                if not flags >> bit & 1:
                    out.append(packed[at])
                    at += 1
                    continue
                if at + 2 > end:
                    return bytes(out)
                token = int.from_bytes(packed[at : at + 2], "little")
                at += 2
                n_bits = max((len(out) - begin - 1).bit_length(), 4)
                length = (token & (0xFFFF >> n_bits)) + 3
                back = (token >> (16 - n_bits)) + 1
                if back > len(out) - begin:
                    return bytes(out)
                for _ in range(length):
                    out.append(out[-back])
    return bytes(out)


def example_workbook(program: str) -> bytes:
    """A workbook as a zip archive, with a project that holds the program's text uncompressed; without a program when it is empty."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        if program:
            archive.writestr("xl/vbaProject.bin", program)
    return out.getvalue()
