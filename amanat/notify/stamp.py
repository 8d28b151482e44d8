"""A message's stamp: code, notice, company and day, signed in so few letters that they fit into a small QR code on a letter.

It is text, not a link: whoever scans it is led nowhere. `amanat verify --qr` and the page for checking say whether the company signed it;
offline nobody can know whether the message was withdrawn since. It names no person: the code is random to everybody but the company.

Payload: version (1 byte), key id (8), day since 2020-01-01 (2), code (8), first half of the notice's content hash (16), the company's
name (UTF-8, up to 48), signature (64); in base 32, which QR codes hold at 5.5 bits a letter and which survives line breaks and small letters.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from amanat.lib.errors import Fixable
from amanat.lib.signing import PublicKey, Signer, is_signed
from amanat.notify.codes import N_SYMBOLS, number_in, spell
from amanat.terms.company import Company
from amanat.terms.notice import Notice

PURPOSE = "stamp"
HEAD, END = "AMANAT1:", "."
COMPANY_BYTES = 48
_VERSION, _DAY_0 = 1, date(2020, 1, 1)
_FIXED = 1 + 8 + 2 + 8 + 16  # bytes before the company's name
_SIGNATURE = 64
_LETTERS_MAX = 8 * (_FIXED + COMPANY_BYTES + _SIGNATURE) // 5 + 1
# What mail programs and people put in between: blanks, line ends, marks of quotation and of direction, soft hyphens.
_BETWEEN = r"[\s>|\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff-]"
_STAMP = re.compile(rf"AMANAT1{_BETWEEN}*:((?:{_BETWEEN}*[A-Z2-7]){{{8 * (_FIXED + _SIGNATURE) // 5},{_LETTERS_MAX}}}){_BETWEEN}*\.", re.IGNORECASE)
STAMPS_MAX = 3  # that are looked at in one message


class NoStamp(Fixable):
    """The text holds no stamp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a stamp says, before anybody knows whether it is true."""

    code: str
    notice: str  # first 32 hex digits of the notice's content hash
    company: str
    day: date
    key: str  # id of the key
    signed: bytes
    signature: bytes

    def is_signed_by(self, public: bytes) -> bool:
        return is_signed(public, PURPOSE, self.signed, self.signature)


def make_stamp(signer: Signer, *, code: str, notice_hash: str, company: str, on: date) -> str:
    """The stamp of one message, as it stands in the QR code; `notice_hash` is the notice's content hash."""
    number = number_in(code)
    day = (on - _DAY_0).days.to_bytes(2, "big")
    name = company.encode()[:COMPANY_BYTES].decode(errors="ignore").encode()
    body = bytes([_VERSION]) + bytes.fromhex(signer.id) + day + number.to_bytes(8, "big") + bytes.fromhex(notice_hash)[:16] + name
    return HEAD + _base32(body + signer.sign(PURPOSE, body)) + END


def stamper(signer: Signer | None, notices: Iterable[Notice], company: Company, *, on: date) -> Callable[[str, str], str]:
    """The function that makes the stamp of a message from its code and its notice's id; it makes none where nobody signs."""
    hashes = {notice.id: notice.content_hash for notice in notices}

    def stamp(code: str, notice_id: str) -> str:
        return make_stamp(signer, code=code, notice_hash=hashes[notice_id], company=company.name, on=on) if signer else ""

    return stamp


def stamps_in(text: str) -> list[Stamp]:
    """Stamps in a scanned or pasted text, at most STAMPS_MAX; what is none is left out."""
    found = []
    for match in _STAMP.finditer(text):
        stamp = _read(re.sub(_BETWEEN, "", match[1]).upper())
        if stamp is not None:
            found.append(stamp)
        if len(found) == STAMPS_MAX:
            break
    return found


def check_stamp(stamp: Stamp, keys: Mapping[str, PublicKey]) -> str:
    """Why the stamp is not the company's; empty when one of its published keys signed it."""
    key = keys.get(stamp.key)
    if key is None:
        return f"it names the key {stamp.key}, which the company does not publish"
    if not stamp.is_signed_by(key.public):
        return "its signature does not fit: it was changed, or made by somebody else"
    # A day has no hour: any moment of it may have been the one.
    last = datetime.combine(stamp.day, time.max, timezone.utc) + timedelta(hours=14)
    first = datetime.combine(stamp.day, time.min, timezone.utc) - timedelta(hours=14)
    moment = min(max(first, key.since or first), last)
    return key.why_not(moment if key.until is None or moment <= key.until else first)


def qr_rows(text: str) -> list[bytes]:
    """The QR code row by row, a byte for each module: 0 is dark; without the quiet zone around it."""
    import zxingcpp

    # To try all eight masks takes eight times as long, and letters by the hundred thousand wait; a signature looks random under any of them.
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=3)
    image: Any = memoryview(zxingcpp.write_barcode_to_image(code, scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    height, width = image.shape[:2]
    whole = image.tobytes()
    return [whole[y * width : (y + 1) * width] for y in range(height)]


def qr_svg(text: str) -> str:
    """The QR code as a picture of one path, with the quiet zone of four modules that readers need."""
    rows = qr_rows(text)
    dark = ((y, run.start(), run.end() - run.start()) for y, row in enumerate(rows) for run in re.finditer(rb"\x00+", row))
    path = "".join(f"M{x + 4} {y + 4}h{n}v1h-{n}z" for y, x, n in dark)
    size = len(rows) + 8
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}"><path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{path}"/></svg>'
    )


def _base32(raw: bytes) -> str:
    from base64 import b32encode

    return b32encode(raw).decode().rstrip("=")


def _read(letters: str) -> Stamp | None:
    from base64 import b32decode

    try:
        raw = b32decode(letters + "=" * (-len(letters) % 8))
        body, signature = raw[:-_SIGNATURE], raw[-_SIGNATURE:]
        number = int.from_bytes(body[11:19], "big")
        # One spelling for each stamp: bits left over at the end must be none.
        if body[0] != _VERSION or number >> 5 * N_SYMBOLS or _base32(raw) != letters:
            return None
        return Stamp(
            code=spell(number),
            notice=body[19:35].hex(),
            company=body[_FIXED:].decode(),
            day=_DAY_0 + timedelta(days=int.from_bytes(body[9:11], "big")),
            key=body[1:9].hex(),
            signed=body,
            signature=signature,
        )
    except (ValueError, IndexError):
        return None
