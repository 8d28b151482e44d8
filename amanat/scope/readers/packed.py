"""Single packed files: gzip, bzip2 and xz. What is inside is read as what it is."""

import bz2
import gzip
import lzma
from collections.abc import Iterator, Sequence

from amanat.scope.reader import Context, Inner, Read, Reader
from amanat.scope.source import Expanding, Source

_KINDS = (
    (b"\x1f\x8b\x08", (".gz", ".tgz"), gzip.open),
    (b"BZh", (".bz2",), bz2.BZ2File),
    (b"\xfd7zXZ\x00", (".xz",), lzma.LZMAFile),
)


def looks(source: Source) -> float:
    return 0.9 if any(source.peek(6).startswith(magic) for magic, _, _ in _KINDS) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    context.budget.entry()
    for magic, suffixes, opens in _KINDS:
        if source.peek(6).startswith(magic):
            base = source.name.rsplit("/", 1)[-1]
            name = next((base[: -len(s)] + (".tar" if s == ".tgz" else "") for s in suffixes if base.lower().endswith(s)), "") or "content"
            packed = source.size if source.size > 0 else 1 << 40  # unknown: then only the total counts
            stream = opens(_AsFile(source), "rb")  # type: ignore[arg-type,call-overload]
            yield Inner(name, Source(Expanding(stream, context.budget, packed), name=name, depth=source.depth + 1))
            return


class _AsFile:
    """The little that decompressors ask of a file."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.mode = "rb"

    def read(self, size: int = -1) -> bytes:
        return self._source.read(size)

    def seekable(self) -> bool:
        return False


def examples() -> Sequence[bytes]:
    table = b"name,email\nSara,sara@example.org\n"
    return (gzip.compress(table, mtime=0), bz2.compress(table), lzma.compress(table))


def not_examples() -> Sequence[bytes]:
    return (b"PK\x03\x04" + bytes(30), b"BZ is a text\n")


READER = Reader(
    says="packed file (gzip, bzip2, xz)",
    looks=looks,
    read=read,
    suffixes=(".gz", ".tgz", ".bz2", ".xz"),
    source="https://www.rfc-editor.org/rfc/rfc1952",
    examples=examples,
    not_examples=not_examples,
)
