"""PDF: a page is a record. Pages that hold pictures but no text are read by Tesseract where it is installed, and are gaps elsewhere."""

from collections.abc import Iterator, Sequence

import pypdfium2
import pypdfium2.raw as raw

from amanat.scope import ocr
from amanat.scope.reader import Context, Fields, Hole, Read, Reader, Unreadable
from amanat.scope.source import Source


def looks(source: Source) -> float:
    return 0.95 if b"%PDF-" in source.peek(1024) else 0.0


def read(source: Source, context: Context) -> Iterator[Read]:
    document = _opened(source.whole(context.limits.held_bytes), context)
    yield from _pages(document, context)


def _opened(data: bytes, context: Context) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            for password in context.passwords:
                try:
                    return pypdfium2.PdfDocument(data, password=password)
                except pypdfium2.PdfiumError:
                    continue
            raise context.locked() from error
        raise Unreadable("The PDF is damaged or cut off.", "Look for a whole copy, or repair it with a PDF tool.") from error


def _pages(document: pypdfium2.PdfDocument, context: Context) -> Iterator[Read]:
    pictures: list[int] = []
    broken: list[int] = []
    for number in range(len(document)):
        try:
            page = document[number]
            text = page.get_textpage().get_text_range().replace("\r\n", "\n").replace("\ufffe", "").strip()
            if text:
                yield Fields([text], (), f"page {number + 1}")
            elif next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4), None) is not None:
                scanned = _scanned(page) if ocr.spent_seconds < context.limits.ocr_seconds else ""
                if scanned:
                    yield Fields([scanned], (), f"page {number + 1} (scan)")
                else:
                    pictures.append(number + 1)
            page.close()
        except pypdfium2.PdfiumError:
            broken.append(number + 1)
    if pictures:
        why = "no text was found in it" if ocr.is_there() else "Tesseract, which reads text in pictures, is not installed"
        if ocr.spent_seconds > context.limits.ocr_seconds:
            why = "the time for reading text in pictures is used up"
        yield Hole(f"{_numbered(pictures)} only a picture; {why}.", "Look at it: scans of passports, cards and forms name persons.")
    if broken:
        yield Hole(f"{_numbered(broken)} damage and could not be read.", "Open it by hand and look at these pages.")


def _scanned(page: pypdfium2.PdfPage) -> str:
    """The text in the picture of a page, at 200 dots an inch or what makes the longer side 3,000."""
    if not ocr.is_there():
        return ""
    scale = min(200 / 72, 3000 / max(*page.get_size(), 1))
    bitmap = page.render(scale=scale, grayscale=True)
    return ocr.text_of_pixels(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride)


def _numbered(numbers: list[int]) -> str:
    few = ", ".join(map(str, numbers[:10])) + (f" and {len(numbers) - 10} more" if len(numbers) > 10 else "")
    return f"Page {few} has" if len(numbers) == 1 else f"{len(numbers)} pages ({few}) have"


def written(*pages: str) -> bytes:
    """A small PDF for examples, a page for each text; an empty text makes a page with a picture only."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    image = b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n\x80\nendstream"
    objects.append(image)
    kids = []
    for text in pages:
        lines = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").split("\n")
        shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
        content = (f"BT /F 12 Tf 20 200 Td {shown}ET" if text else "q 100 0 0 100 20 20 cm /I Do Q").encode("latin-1", "replace")
        objects.append(b"<</Length %d>>stream\n%b\nendstream" % (len(content), content))
        kids.append(len(objects) + 1)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 220]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>/XObject<</I 4 0 R>>>>>>" % (kids[-1] - 1)
        )
    objects[1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(out))


def examples() -> Sequence[bytes]:
    return (written("Invoice for Sara\nRoom 12", "Paid by card"), written("First page", ""))


def not_examples() -> Sequence[bytes]:
    return (b"PDF is a format\n", b"\x89PNG\r\n\x1a\n" + bytes(24))


READER = Reader(
    says="PDF document",
    looks=looks,
    read=read,
    suffixes=(".pdf",),
    source="https://pdfa.org/resource/iso-32000-2/",
    examples=examples,
    not_examples=not_examples,
)
