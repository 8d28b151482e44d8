"""Text in pictures and scanned pages: read where Tesseract is installed, a gap with a reason elsewhere."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFont

from amanat.scope import ocr
from amanat.scope.reader import Limits
from tests.scope.readers.reading import gaps, read

WORDS = "Passport of Sara Example\nsara@example.org\nborn 1980-02-01"


def page() -> Image.Image:
    drawn = Image.new("L", (1240, 1754), 255)
    ImageDraw.Draw(drawn).text((100, 100), WORDS, fill=0, font=ImageFont.load_default(40))
    return drawn


def saved(picture: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_the_text_of_a_picture_is_a_record_where_tesseract_is(kind):
    found = read(saved(page(), kind))
    if ocr.is_there():
        assert found == [("x", "picture", "", WORDS)]
    else:
        assert found == [("x", "GAP", "", "It is a picture, and Tesseract, which reads text in pictures, is not installed.")]


def test_scanned_pages_are_read_and_pages_without_text_are_named():
    found = read(saved(page(), "PDF", save_all=True, append_images=[Image.new("L", (600, 800), 128)]))
    if ocr.is_there():
        assert found == [
            ("x", "GAP", "", "Page 2 has only a picture; no text was found in it."),
            ("x", "page 1 (scan)", "", WORDS),
        ]
    else:
        assert found == [("x", "GAP", "", "2 pages (1, 2) have only a picture; Tesseract, which reads text in pictures, is not installed.")]


def test_all_pages_of_a_fax_are_read():
    data = saved(page(), "TIFF", save_all=True, append_images=[page()])
    (found,) = read(data)
    assert found[3] == f"{WORDS}\n{WORDS}" if ocr.is_there() else found[1] == "GAP"


def test_a_picture_of_too_many_pixels_a_broken_one_and_one_without_text_are_gaps():
    bomb = saved(Image.new("1", (20_000, 20_000)), "PNG")
    broken = saved(page(), "PNG")[:200]
    blank = saved(Image.new("L", (400, 400), 200), "PNG")
    found = [gaps(data) for data in (bomb, broken, blank)]
    if ocr.is_there():
        assert found == [
            ["It has more than 60 million pixels."],
            ["The picture is damaged or of a kind that cannot be read."],
            ["It is a picture in which no text was found."],
        ]
    assert all(len(one) == 1 for one in found)


def test_when_the_time_for_pictures_is_used_up_that_is_said():
    (gap,) = gaps(saved(page(), "PNG"), limits=Limits(ocr_seconds=-1))
    assert "used up" in gap if ocr.is_there() else "Tesseract" in gap
