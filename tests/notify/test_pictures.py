"""Pictures that are released: signed under the house's key, changed ones seen, telling and hostile ones turned away."""

import io
import struct
from datetime import datetime, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from amanat.lib.signing import Signer
from amanat.notify import pictures
from amanat.notify.content_credentials import credentials_of
from amanat.notify.pictures import NotSigned, house_certificate, kind_of, look_into, sign_picture

NOW = datetime.now(timezone.utc)


def a_picture(kind="PNG", **given):
    out = io.BytesIO()
    Image.effect_noise((48, 32), 90).convert("RGB").save(out, kind, **given)
    return out.getvalue()


def a_box(name, body):
    return struct.pack(">I", 8 + len(body)) + name + body


def a_film(inside=b""):
    header = bytes(12) + struct.pack(">I", 1000) + bytes(80) + struct.pack(">I", 2)
    return a_box(b"ftyp", b"isom\0\0\2\0isomiso2mp41") + a_box(b"moov", a_box(b"mvhd", header) + inside) + a_box(b"mdat", bytes(64))


@pytest.fixture(scope="module")
def house():
    signer = Signer(Ed25519PrivateKey.generate())
    return signer, house_certificate(signer, at=NOW)


def signed(house, content):
    signer, authority = house
    return sign_picture(content, title="map", company="Karvan Hotels", signer=signer, authority=authority, at=NOW)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_released_picture_says_whose_it_is_and_stands_under_the_house_s_key(house, kind):
    made = signed(house, a_picture(kind))
    found = credentials_of(made, kind_of(made), house[1])
    assert (found.state, found.signer, found.is_house_key) == ("trusted", "Karvan Hotels", True)


def test_a_picture_that_was_changed_after_it_is_known_by_the_seal_that_no_longer_fits(house):
    made = bytearray(signed(house, a_picture()))
    made[-30] ^= 1
    found = credentials_of(bytes(made), "image/png", house[1])
    assert (found.state, found.is_changed, found.is_house_key) == ("broken", True, False)


def test_a_film_is_signed_and_a_change_of_it_seen_likewise(house):
    made = bytearray(signed(house, a_film()))
    assert credentials_of(bytes(made), "video/mp4", house[1]).state == "trusted"
    made[-20] ^= 1
    assert credentials_of(bytes(made), "video/mp4", house[1]).is_changed


def test_the_seal_of_another_house_is_not_ours_changed_or_not(house):
    other = Signer(Ed25519PrivateKey.generate())
    theirs = signed((other, house_certificate(other, at=NOW)), a_picture())
    found = credentials_of(theirs, "image/png", house[1])
    assert (found.state, found.is_changed) == ("valid", False)
    broken = theirs[:-30] + bytes([theirs[-30] ^ 1]) + theirs[-29:]
    found = credentials_of(broken, "image/png", house[1])
    assert (found.state, found.is_changed) == ("broken", False)


def test_a_signed_picture_released_again_keeps_its_first_origin(house):
    twice = signed(house, signed(house, a_picture()))
    assert credentials_of(twice, "image/png", house[1]).state == "trusted"


def test_pictures_are_taken_by_what_they_are_and_not_by_their_name():
    assert [look_into(a_picture(kind)).kind for kind in ("PNG", "JPEG", "WEBP")] == ["image/png", "image/jpeg", "image/webp"]
    assert look_into(a_picture("GIF")).state == "unreadable"
    assert look_into(a_film()).state == "good"


def test_what_a_camera_wrote_beside_the_picture_is_seen():
    exif = Image.Exif()
    exif[0x0110] = "Phone 12"
    assert look_into(a_picture("JPEG", exif=exif)).state == "tells"
    places = Image.Exif()
    places.get_ifd(0x8825)[1] = "N"
    assert look_into(a_picture("JPEG", exif=places)).state == "tells"
    assert look_into(a_film(a_box(b"udta", a_box(b"\xa9xyz", b"\0\x10\x15\xc7+48.85+002.35/")))).state == "tells"
    assert look_into(a_picture("JPEG", xmp=b'<x:xmpmeta><rdf:Description exif:GPSLatitude="48,51.4N"/></x:xmpmeta>')).state == "tells"
    assert look_into(a_picture("JPEG")).state == "good"


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\xff" * 300, b"\xff\xd8\xff" + bytes(500), b"RIFF\x10\0\0\0WEBP" + bytes(40), a_picture()[:90]],
)
def test_what_is_no_whole_picture_is_turned_away(content):
    assert look_into(content).state == "unreadable"


def test_a_picture_that_is_larger_than_we_take_is_not_opened(monkeypatch):
    monkeypatch.setattr(pictures, "PICTURE_MAX", 100)
    assert look_into(a_picture()).state == "too_large"


def test_a_small_file_with_endless_pixels_is_not_unpacked():
    out = io.BytesIO()
    Image.new("1", (12_000, 12_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    assert look_into(out.getvalue()).state == "too_large"


def test_what_cannot_be_signed_is_said(house):
    with pytest.raises(NotSigned, match="unreadable"):
        signed(house, b"\xff\xd8\xff" + bytes(60))
