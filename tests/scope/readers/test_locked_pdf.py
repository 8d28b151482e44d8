"""PDF under a password: opened by one of those given, a gap with none. The file is put together by hand (ISO 32000-1, 7.6.3)."""

import struct
from hashlib import md5

from tests.scope.readers.reading import gaps, read

_FILL = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_ID = b"0123456789abcdef"
_LINE = "Sara Ahmadi, sara@example.org"


def rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def locked_pdf(user: str, owner: str) -> bytes:
    """One page with one line, under the standard security handler of revision 2."""

    def filled(password: str) -> bytes:
        return (password.encode() + _FILL)[:32]

    o = rc4(md5(filled(owner)).digest()[:5], filled(user))
    key = md5(filled(user) + o + struct.pack("<i", -4) + _ID).digest()[:5]
    content = rc4(md5(key + struct.pack("<I", 5)[:3] + b"\0\0").digest()[:10], f"BT /F 12 Tf 50 700 Td ({_LINE}) Tj ET".encode())
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R/Resources<</Font<</F 3 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (o.hex().encode(), rc4(key, _FILL).hex().encode()),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 7\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    identity = _ID.hex().encode()
    return out + table + b"trailer\n<</Size 7/Root 1 0 R/Encrypt 6 0 R/ID[<%s><%s>]>>\nstartxref\n%d\n%%%%EOF\n" % (identity, identity, len(out))


def test_a_pdf_under_a_password_is_opened_by_one_of_those_given():
    data = locked_pdf("saffron", "owner")

    assert read(data, passwords=["wrong", "saffron"]) == [("x", "page 1", "", _LINE)]
    assert read(data, passwords=["owner"]) == [("x", "page 1", "", _LINE)]


def test_a_pdf_under_a_password_that_nobody_gave_is_a_gap():
    data = locked_pdf("saffron", "owner")

    assert gaps(data) == ["It is encrypted."]
    assert gaps(data, passwords=["wrong", "Saffron"]) == ["It is encrypted, and none of the passwords given opens it."]


def test_a_pdf_that_only_its_owner_locked_against_printing_is_read_without_a_password():
    assert read(locked_pdf("", "owner")) == [("x", "page 1", "", _LINE)]
