"""Codes in pictures (QR and its kin), read by zxing-cpp."""

import io
import warnings

PIXELS_MAX = 40_000_000
BYTES_MAX = 16 << 20


def codes_in(content: bytes) -> list[str]:
    """The texts of the codes in a picture; none when it cannot be read as one."""
    import zxingcpp
    from PIL import Image, UnidentifiedImageError

    if not content or len(content) > BYTES_MAX:
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as picture:
                if picture.width * picture.height > PIXELS_MAX or min(picture.size) < 20:
                    return []
                grey = picture.convert("L")
        return [code.text for code in zxingcpp.read_barcodes(grey) if code.text][:10]
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, KeyError, OverflowError, RuntimeError):
        return []  # each picture format fails in its own way


def example_picture(text: str) -> bytes:
    """A PNG with a QR code, for examples."""
    import numpy as np
    import zxingcpp
    from PIL import Image

    code = np.array(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode), scale=6))
    out = io.BytesIO()
    Image.fromarray(code).save(out, "PNG")
    return out.getvalue()
