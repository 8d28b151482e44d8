"""Pictures: recognised and reported as a gap, because text in pictures is not read yet."""

from collections.abc import Iterator, Sequence

from amanat.scope.reader import Context, Hole, Read, Reader
from amanat.scope.source import Source

_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"8BPS", b"\x00\x00\x00\x0cjP  ")
_BRANDS = (b"heic", b"heix", b"mif1", b"avif")


def looks(source: Source) -> float:
    head = source.peek(16)
    is_bitmap = head[:2] == b"BM" and head[6:10] == bytes(4)
    is_web = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return 0.95 if head.startswith(_MAGIC) or head[4:12] in [b"ftyp" + brand for brand in _BRANDS] or is_bitmap or is_web else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    yield Hole("It is a picture; text in pictures is not read yet.", "Look at it: scans of passports, cards and forms name persons.")


def examples() -> Sequence[bytes]:
    return (b"\x89PNG\r\n\x1a\n" + bytes(24), b"\xff\xd8\xff\xe0" + bytes(20), b"GIF89a" + bytes(20), b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(16))


def not_examples() -> Sequence[bytes]:
    return (b"GIFs are pictures\n", b"BMW dealers, all of them\n")


READER = Reader(
    says="picture (not read, reported)",
    looks=looks,
    read=read,
    suffixes=(".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic"),
    source="https://www.w3.org/TR/png-3/",
    examples=examples,
    not_examples=not_examples,
)
