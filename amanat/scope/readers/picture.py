"""Pictures: the text in them, as one record, where Tesseract is installed; else, and without text, a gap."""

import io
from collections.abc import Iterator, Sequence

from PIL import Image

from amanat.scope import ocr
from amanat.scope.reader import Context, Fields, Hole, Read, Reader, Unreadable
from amanat.scope.source import Damaged, Source, TooMuch

_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*", b"8BPS", b"\x00\x00\x00\x0cjP  ")
_BRANDS = (b"heic", b"heix", b"mif1", b"avif")


def looks(source: Source) -> float:
    head = source.peek(16)
    is_bitmap = head[:2] == b"BM" and head[6:10] == bytes(4)
    is_web = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    return 0.95 if head.startswith(_MAGIC) or head[4:12] in [b"ftyp" + brand for brand in _BRANDS] or is_bitmap or is_web else 0.0


_LOOK = "Look at it: scans of passports, cards and forms name persons."


def read(source: Source, context: Context) -> Iterator[Read]:
    if not ocr.is_there():
        yield Hole("It is a picture, and Tesseract, which reads text in pictures, is not installed.", _LOOK)
        return
    if ocr.spent_seconds > context.limits.ocr_seconds:
        yield Hole("It is a picture, and the time for reading text in pictures is used up.", _LOOK)
        return
    try:
        text = ocr.text_of_picture(source.whole(context.limits.held_bytes))
    except (Damaged, TooMuch) as error:
        raise Unreadable(str(error), _LOOK) from error
    if text:
        yield Fields([text], (), "picture")
    else:
        yield Hole("It is a picture in which no text was found.", _LOOK)


def examples() -> Sequence[bytes]:
    kinds = ("PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP")
    drawn = []
    for kind in kinds:  # an empty page in each kind, so that what its decoder loads at first use is loaded
        out = io.BytesIO()
        Image.new("L", (64, 64), 255).save(out, kind)
        drawn.append(out.getvalue())
    return (
        *drawn,
        b"\x89PNG\r\n\x1a\n" + bytes(24),
        b"\xff\xd8\xff\xe0" + bytes(20),
        b"GIF89a" + bytes(20),
        b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(16),
    )


def not_examples() -> Sequence[bytes]:
    return (b"GIFs are pictures\n", b"BMW dealers, all of them\n")


READER = Reader(
    says="picture (text in it where Tesseract is installed)",
    looks=looks,
    read=read,
    suffixes=(".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic"),
    source="https://www.w3.org/TR/png-3/",
    examples=examples,
    not_examples=not_examples,
)
