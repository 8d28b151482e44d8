"""Single packed files: gzip, bzip2, xz and Zstandard. What is inside is read as what it is."""

import bz2
import gzip
import lzma
import struct
import sys
from collections.abc import Iterator, Sequence

from amanat.scope.reader import Context, Inner, Read, Reader
from amanat.scope.source import AsFile, Expanding, Source

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def _zstd(file: AsFile, mode: str) -> zstd.ZstdFile:
    # Beyond 128 MiB the format's own tools ask for a flag too: a frame may claim a window of gigabytes.
    return zstd.ZstdFile(file, mode, options={zstd.DecompressionParameter.window_log_max: 27})  # type: ignore[call-overload,no-any-return]


def _lzma(file: AsFile, mode: str) -> lzma.LZMAFile:
    return lzma.LZMAFile(file, mode)  # type: ignore[arg-type]


_KINDS = (
    (b"\x1f\x8b\x08", (".gz", ".tgz"), gzip.open),
    (b"BZh", (".bz2", ".tbz2"), bz2.BZ2File),
    (b"\xfd7zXZ\x00", (".xz", ".txz"), _lzma),
    (b"\x28\xb5\x2f\xfd", (".zst", ".tzst"), _zstd),
    (b"\x5d\x00\x00", (".lzma",), _lzma),  # no magic: properties 5d and a round dictionary size
)
_TAR = (".tgz", ".tbz2", ".txz", ".tzst")


def looks(source: Source) -> float:
    head = source.peek(13)
    if head.startswith(b"\x5d\x00\x00"):
        (size,) = struct.unpack("<q", head[5:13].ljust(8, b"\0")[:8])
        return 0.8 if len(head) == 13 and head[3:5] != b"\0\0" and (size == -1 or 0 < size < 1 << 40) else 0.0
    return 0.9 if any(head.startswith(magic) for magic, _, _ in _KINDS) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    context.budget.entry()
    for magic, suffixes, opens in _KINDS:
        if source.peek(6).startswith(magic):
            base = source.name.rsplit("/", 1)[-1]
            name = next((base[: -len(s)] + (".tar" if s in _TAR else "") for s in suffixes if base.lower().endswith(s)), "") or "content"
            packed = source.size if source.size > 0 else 1 << 40  # unknown: then only the total counts
            stream = opens(AsFile(source), "rb")  # type: ignore[arg-type,call-overload]
            yield Inner(name, Source(Expanding(stream, context.budget, packed), name=name, depth=source.depth + 1))
            return


def examples() -> Sequence[bytes]:
    table = b"name,email\nSara,sara@example.org\n"
    return (gzip.compress(table, mtime=0), bz2.compress(table), lzma.compress(table), zstd.compress(table), lzma.compress(table, lzma.FORMAT_ALONE))


def not_examples() -> Sequence[bytes]:
    return (b"PK\x03\x04" + bytes(30), b"BZ is a text\n")


READER = Reader(
    says="packed file (gzip, bzip2, xz, Zstandard)",
    looks=looks,
    read=read,
    suffixes=(".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz", ".lzma", ".zst", ".tzst"),
    source="https://www.rfc-editor.org/rfc/rfc1952",
    examples=examples,
    not_examples=not_examples,
)
