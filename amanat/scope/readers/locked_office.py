"""Office files under a password: opened by one of the passwords given, then read as what they are; else a gap."""

import io
import struct
import types
from collections.abc import Iterator, Sequence

import msoffcrypto
from msoffcrypto import exceptions
from msoffcrypto.format import doc97, ppt97, xls97

from amanat.scope.ole import BROKEN, OLE, content, streams_of
from amanat.scope.reader import EXAMPLE_PASSWORD, Context, Inner, Read, Reader
from amanat.scope.readers import sheets
from amanat.scope.source import Damaged, Source

# The library writes to a temporary file; a reader has no disk, and the file is held already.
for _module in (doc97, ppt97, xls97):
    _module.tempfile = types.SimpleNamespace(TemporaryFile=io.BytesIO)

_FILEPASS = 0x2F
_USUAL = "VelvetSweatshop"  # Excel writes it when a sheet is only protected from changes


def looks(source: Source) -> float:
    names = streams_of(source)
    if {"EncryptionInfo", "EncryptedPackage"} <= names:
        return 0.97
    if not names & {"WordDocument", "Workbook", "PowerPoint Document"}:
        return 0.0
    return 0.97 if _is_locked(source, names) else 0.0


def _is_locked(source: Source, names: frozenset[str]) -> bool:
    import olefile

    file = source.seekable(256 << 20)
    at = file.tell()
    try:
        with olefile.OleFileIO(file) as container:
            if "WordDocument" in names:
                return bool(struct.unpack_from("<H", content(container, "WordDocument"), 10)[0] & 0x0100)
            if "Workbook" in names:
                return _has_filepass(content(container, "Workbook"))
            return content(container, "Current User")[12:16] == b"\xdf\xc4\xd1\xf3"
    except BROKEN:
        return False
    finally:
        file.seek(at)


def _has_filepass(book: bytes) -> bool:
    """Whether a record near the beginning of a workbook says that the rest is encrypted."""
    at = 0
    while at + 4 <= min(len(book), 4096):
        kind, size = struct.unpack_from("<HH", book, at)
        if kind == _FILEPASS:
            return True
        at += 4 + size
    return False


def read(source: Source, context: Context) -> Iterator[Read]:
    data = source.whole(context.limits.held_bytes)
    for password in (_USUAL, *context.passwords):
        opened = _opened(data, password)
        if opened is not None:
            name = source.name.rsplit("/", 1)[-1] or "content"
            context.budget.expand(len(opened))
            yield Inner(name, Source.of_bytes(opened, name=name, depth=source.depth + 1))
            return
    raise context.locked()


def _opened(data: bytes, password: str) -> bytes | None:
    """The file without its password; None when it is another one."""
    out = io.BytesIO()
    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        try:
            file.load_key(password=password, verify_password=True)
        except TypeError:
            file.load_key(password=password)
        file.decrypt(out)
    except (exceptions.InvalidKeyError, exceptions.DecryptionError):
        return None
    except (exceptions.FileFormatError, exceptions.ParseError, *BROKEN) as error:
        raise Damaged("It breaks off or is damaged in the middle.") from error
    return out.getvalue()


def examples() -> Sequence[bytes]:
    return ()  # an OLE container needs a writer of its own: the tests have one


def locked_examples() -> Sequence[bytes]:
    from msoffcrypto.method.ecma376_agile import ECMA376Agile

    # Few rounds instead of Office's 100,000, which make guessing slow: each reading process opens it once when it starts.
    return (ECMA376Agile.encrypt(EXAMPLE_PASSWORD, io.BytesIO(sheets.examples()[0]), spin_count=2),)


def not_examples() -> Sequence[bytes]:
    return (OLE + "EncryptedPackage".encode("utf-16-le") + bytes(2048),)


READER = Reader(
    says="Office file under a password",
    looks=looks,
    read=read,
    suffixes=(),
    source="https://learn.microsoft.com/en-us/openspecs/office_file_formats/ms-offcrypto/",
    examples=examples,
    not_examples=not_examples,
    locked_examples=locked_examples,
)
