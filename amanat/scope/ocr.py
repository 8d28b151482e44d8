"""Text in pictures, by Tesseract where it and its languages are installed; elsewhere a picture stays a gap.

The engine and its models are loaded once, before the confinement, and work inside the confined process: it is hostile pictures they see.
"""

import contextlib
import io
import resource
import time
import warnings
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from amanat.scope.source import Damaged, TooMuch

_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
_LANGUAGES = ("eng", "fra", "fas")  # those of our wording; each one more makes reading slower
_SIDE = 3000  # pixels; a page at 300 dots an inch is 2,480 × 3,508
_PIXELS = 60_000_000
_SURE = 35  # mean confidence in percent; below it the letters are guesses about a photograph

heard: Callable[[float], None] = lambda seconds: None  # noqa: E731 told how long each picture took
spent_seconds = 0.0


def installed() -> tuple[str, str] | None:
    """Folder and languages of the Tesseract that is installed, without loading it; None when there is none."""
    if find_spec("tesserocr") is None:
        return None
    for folder in _FOLDERS:
        if languages := [one for one in _LANGUAGES if Path(folder, f"{one}.traineddata").is_file()]:
            return folder, "+".join(languages)
    return None


@cache
def _engine() -> Any:
    """The engine, loaded at the first call, which must be before the confinement; None where there is none."""
    Image.init()  # later no format could be imported
    found = installed()
    if found is None:
        return None
    import tesserocr

    try:
        engine = tesserocr.PyTessBaseAPI(path=found[0], lang=found[1])
    except RuntimeError:
        return None
    _read_once(engine)
    return engine


def _read_once(engine: Any) -> None:
    """The engine opens more files when it reads its first words; later it could not."""
    page = Image.new("L", (400, 80), 255)
    ImageDraw.Draw(page).text((10, 10), "Sara 1980", fill=0, font=ImageFont.load_default(40))
    engine.SetImageBytes(page.tobytes(), page.width, page.height, 1, page.width)
    engine.GetUTF8Text()
    engine.Clear()


def is_there() -> bool:
    """Whether text in pictures can be read on this machine."""
    return _engine() is not None


def text_of_picture(data: bytes) -> str:
    """The text in a picture file, "" when there is none that is legible.

    Raises:
        Damaged, TooMuch: it is broken, or has more pixels than are read.
    """
    Image.MAX_IMAGE_PIXELS = _PIXELS
    texts = []
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(data)) as picture:
            for frame in range(min(getattr(picture, "n_frames", 1), 200) if picture.format == "TIFF" else 1):
                picture.seek(frame)
                if picture.width * picture.height > _PIXELS:
                    raise TooMuch(f"It has more than {_PIXELS // 1_000_000} million pixels.")
                picture.draft("L", (_SIDE, _SIDE))
                grey = picture.convert("L")
                if max(grey.size) > _SIDE:
                    grey.thumbnail((_SIDE, _SIDE))
                texts.append(text_of_pixels(grey.tobytes(), grey.width, grey.height, grey.width))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, KeyError, IndexError, TypeError, EOFError, OverflowError) as error:
        raise Damaged("The picture is damaged or of a kind that cannot be read.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooMuch(f"It has more than {_PIXELS // 1_000_000} million pixels.") from error
    return "\n".join(text for text in texts if text)


def text_of_pixels(grey: bytes, width: int, height: int, stride: int) -> str:
    """The text in a grey picture, one byte for each pixel."""
    global spent_seconds
    engine = _engine()
    if engine is None or width < 20 or height < 10:
        return ""
    began = time.process_time()
    engine.SetImageBytes(grey, width, height, 1, stride)
    text = str(engine.GetUTF8Text()).strip()
    sure = engine.MeanTextConf()
    engine.Clear()
    took = time.process_time() - began
    spent_seconds += took
    heard(took)
    return text if sure >= _SURE else ""


def allow_more(seconds: float) -> None:
    """Lets the process use so much more processor time, as far as its hard limit goes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (min(soft + int(seconds + 1), hard) if hard > 0 else soft + int(seconds + 1), hard))
