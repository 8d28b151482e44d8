"""ZIP archives: each member is a file of its own, read as what it is. Nothing is ever written to the disk."""

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import pyzipper

from amanat.scope.reader import EXAMPLE_PASSWORD, Context, Hole, Inner, Read, Reader, Unreadable
from amanat.scope.source import Expanding, Source, TooMuch
from amanat.scope.zip_cut_off import members_of

_TRIED = 20  # when the passwords open none of so many members, they are not tried on the rest


def looks(source: Source) -> float:
    head = source.peek(4)
    return 0.6 if head in (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08") else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    n_bytes = source.size
    try:
        archive = zipfile.ZipFile(source.seekable(context.limits.held_bytes))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        n_read = 0
        for found in members_of(source.seekable(context.limits.held_bytes), source.depth, context):
            n_read += isinstance(found, Inner)
            yield found
        raise Unreadable(
            f"The archive is cut off, or its directory is damaged: {n_read:,} files at its beginning were read."
            if n_read
            else "The archive's directory is missing or damaged; it may be cut off.",
            "Try to repair it (zip -FF) and scan the result, or find a whole copy.",
        ) from error
    if not archive.infolist() and n_bytes > 1 << 5:
        raise Unreadable("The archive's directory lists no file although there are bytes.", "Try to repair it (zip -FF) and scan the result.")
    locked = pyzipper.AESZipFile(archive.fp) if any(member.flag_bits & 1 for member in archive.infolist()) and context.passwords else None
    passwords: list[bytes] = []
    n_closed = 0
    over = _overlapping(archive.infolist())
    for member in archive.infolist():
        context.budget.entry()
        if member.is_dir():
            continue
        if id(member) in over:
            yield Hole(
                "Its bytes are another member's too, as in bombs; they were read once.",
                "Unpack it on a machine kept apart if it matters.",
                member.filename,
            )
            continue
        password: bytes | None = None
        if member.flag_bits & 1:
            passwords = [*passwords, *(p.encode() for p in context.passwords if p.encode() not in passwords)]
            password = _password(locked, member, passwords) if passwords and n_closed < _TRIED else None
            if password is None:
                n_closed += 1
                says = context.locked()
                yield Hole(says.reason, says.next_step, member.filename, member.file_size)
                continue
            passwords = [password]  # most archives have one for all: it goes first from now on
        if member.external_attr >> 28 == 0o12:
            yield Hole(
                "It is a link inside an archive; links are not followed.", "Nothing to do if its target is in the archive too.", member.filename
            )
            continue
        size = member.file_size
        member.file_size = 1 << 62  # what the directory says may be a lie; the packed bytes end by themselves
        try:
            with _opened(archive, locked, member, password) as stream:
                inside = Expanding(stream, context.budget, member.compress_size)
                yield Inner(member.filename, Source(inside, name=member.filename, size=size, depth=source.depth + 1))
        except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError) as error:
            if isinstance(error, RecursionError):
                raise
            yield Hole(
                f"Its entry in the archive is damaged or packed by a method that is not known ({type(error).__name__}).",
                "Unpack it with another program on a machine kept apart, and scan the result.",
                member.filename,
                size,
            )
        if context.budget.expanded_left < 0:
            raise TooMuch("It expands to more than the limit for one file.")


def _overlapping(members: Sequence[zipfile.ZipInfo]) -> set[int]:
    """Members (by `id`) whose packed bytes begin before those of the member in front of them end."""
    found, end = set(), -1
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            found.add(id(member))
        else:
            end = member.header_offset + 30 + member.compress_size
    return found


def _opened(archive: zipfile.ZipFile, locked: Any, member: zipfile.ZipInfo, password: bytes | None) -> Any:
    return archive.open(member) if password is None else locked.open(member.filename, pwd=password)


def _password(locked: Any, member: zipfile.ZipInfo, passwords: Sequence[bytes]) -> bytes | None:
    """The first password that opens a member: its check is one or two bytes long, so that a wrong one may pass it, but not the first megabyte."""
    for password in passwords:
        try:
            with locked.open(member.filename, pwd=password) as stream:
                stream.read(1 << 20)
            return password
        except (RuntimeError, zlib.error, OSError, EOFError, ValueError, NotImplementedError, pyzipper.zipfile.BadZipFile):
            continue
    return None


def zipped(**members: bytes) -> bytes:
    """A small archive for examples; in the names `__` stands for `.` and `___` for `/`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("___", "/").replace("__", ".")), data)
    return out.getvalue()


def examples() -> Sequence[bytes]:
    inner = zipped(guests__csv=b"name,email\nSara,sara@example.org\n")
    return (inner, zipped(old___inner__zip=inner, note__txt=b"hello\n"))


def locked_examples() -> Sequence[bytes]:
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(EXAMPLE_PASSWORD.encode())
        archive.writestr("guests.csv", b"name,email\nSara,sara@example.org\n")
    return (out.getvalue(),)


def not_examples() -> Sequence[bytes]:
    return (b"PKZIP is a program\n", b"\x1f\x8b\x08\x00")


READER = Reader(
    says="ZIP archive",
    looks=looks,
    read=read,
    suffixes=(".zip",),
    source="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT",
    examples=examples,
    not_examples=not_examples,
    locked_examples=locked_examples,
)
