"""The confined process that looks into one picture or film before it is released, and signs it (C2PA) when it is.

Started by `pictures`. Its standard input is a line of JSON, then the file; its answer a line of JSON, then the signed file. It can open
no path, reach no network and start nothing; the key that it holds was made for this one file and is forgotten with it.
"""

import contextlib
import io
import json
import os
import sys
from typing import Any

from amanat.lib import confine

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
PIXELS_MAX = 60_000_000
# What cameras and programs write beside the picture: maker, model, time, artist, camera's number, and the block of places.
_TELLING = {0x010F, 0x0110, 0x013B, 0x8825, 0x9003, 0xA430, 0xA431, 0xA433, 0xA434, 0xA435}
# The same in the packets of editors: XMP, and IPTC (names, places) as Photoshop lays it into a JPEG.
_TELLING_PACKETS = (b"exif:GPS", b"exif:DateTimeOriginal", b"tiff:Make", b"tiff:Model", b"aux:SerialNumber", b"photoshop:City", b"8BIM\x04\x04")
_PLACES_IN_FILMS = (b"\xa9xyz", b"location.ISO6709", b"com.apple.quicktime")


def main() -> None:
    """`python -m amanat.notify.picture_child look|sign TYPE SIZE_MAX`."""
    act, kind, size_max = sys.argv[1], sys.argv[2], int(sys.argv[3])
    given = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read(size_max + 1)
    if len(content) > size_max:
        _answer({"state": "too_large"})
        return
    do = _looking() if act == "look" else _signing()
    if do is None:
        _answer({"state": "no_writer"})
        return
    confine.limits(memory_bytes=MEMORY_BYTES, cpu_seconds=CPU_SECONDS)
    belts = confine.belts()
    said, signed = do(kind, content, given)
    _answer(said | {"belts": belts}, signed)


def _looking() -> Any:
    from PIL import Image, ImageFile

    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    Image.preinit()
    Image.init()  # every decoder is loaded before the belts
    with contextlib.suppress(OSError):
        ImageFile.Parser().close()

    def look(kind: str, content: bytes, given: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        if kind.startswith("video/"):
            is_film = content[4:8] == b"ftyp" and b"moov" in content and b"mdat" in content
            tells = any(one in content for one in _PLACES_IN_FILMS)
            return {"state": "good" if is_film and not tells else "tells" if is_film else "unreadable"}, b""
        try:
            with Image.open(io.BytesIO(content)) as picture:
                if Image.MIME.get(picture.format or "") != kind:
                    return {"state": "unreadable"}, b""
                if picture.width * picture.height > PIXELS_MAX:
                    return {"state": "too_large"}, b""
                picture.load()
                tells = bool(_TELLING & set(picture.getexif())) or bool(_TELLING & set(picture.getexif().get_ifd(0x8769)))
                tells = tells or any(one in content for one in _TELLING_PACKETS)
                return {"state": "tells" if tells else "good", "width": picture.width, "height": picture.height}, b""
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            return {"state": "too_large"}, b""
        except Exception:  # a hostile file fails in any way it likes, and all of them mean the same
            return {"state": "unreadable"}, b""

    return look


def _signing() -> Any:
    try:
        import c2pa
    except ImportError:
        return None
    # No list, no net and no small copy of the picture: the manifest says who released it, and nothing else.
    asks = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}, "builder": {"thumbnail": {"enabled": False}}}
    context = c2pa.Context(c2pa.Settings.from_json(json.dumps(asks)))
    with contextlib.suppress(c2pa.C2paError):
        c2pa.Reader("image/jpeg", io.BytesIO(b"\xff\xd8\xff\xd9"), context=context)

    def sign(kind: str, content: bytes, given: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        made, out = given["manifest"], io.BytesIO()
        try:
            keys = c2pa.C2paSignerInfo(alg=b"ed25519", sign_cert=given["chain"].encode(), private_key=given["key"].encode(), ta_url=None)
            signer = c2pa.Signer.from_info(keys)
            builder = c2pa.Builder(made, context=context)
            # An edit: a manifest that a camera put in stays there as where the picture comes from.
            builder.set_intent(c2pa.C2paBuilderIntent.EDIT)
            builder.sign(signer, kind, io.BytesIO(content), out)
        except c2pa.C2paError:
            return {"state": "unreadable"}, b""
        return {"state": "signed"}, out.getvalue()

    return sign


def _answer(said: dict[str, Any], signed: bytes = b"") -> None:
    rest = memoryview(json.dumps(said).encode() + b"\n" + signed)
    while rest:
        rest = rest[os.write(1, rest) :]


if __name__ == "__main__":
    main()
