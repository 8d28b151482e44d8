"""Outlook: the properties of a message, contact or appointment (MAPI) as one record, the same for MSG and PST."""

from collections.abc import Mapping, Sequence

import compressed_rtf

from amanat.scope.encoding import text_of
from amanat.scope.rtf_text import text_of_rtf
from amanat.scope.web_text import seen

# Tags from [MS-OXPROPS]; what stands for persons, in the words that mail and cards use.
_LABELS = {
    0x3001: "full name", 0x3A06: "given name", 0x3A11: "family name", 0x3A44: "middle name", 0x3A4F: "nickname", 0x3A16: "organisation",
    0x3A17: "title", 0x3A18: "department", 0x3A08: "phone", 0x3A09: "phone", 0x3A1A: "phone", 0x3A1B: "phone", 0x3A1C: "phone", 0x3A1D: "phone",
    0x3A1F: "phone", 0x3A23: "fax", 0x3A24: "fax", 0x3A25: "fax", 0x3A2F: "phone", 0x3A29: "street", 0x3A27: "city", 0x3A28: "state",
    0x3A2A: "postal code", 0x3A26: "country", 0x3A15: "address", 0x3A5D: "street", 0x3A59: "city", 0x3A5B: "postal code", 0x3A5A: "country",
    0x3A42: "birth date", 0x3A48: "spouse", 0x3A58: "children", 0x39FE: "email", 0x3003: "email", 0x3A50: "url", 0x3A51: "url",
}  # fmt: skip
SENDER, SENDER_MAIL, SENDER_SMTP, SENT_FOR, SENT_FOR_SMTP = 0x0C1A, 0x0C1F, 0x5D01, 0x0042, 0x5D02
SUBJECT, BODY, HTML, RTF, SUBMITTED, DELIVERED = 0x0037, 0x1000, 0x1013, 0x1009, 0x0039, 0x0E06
NAME, SMTP, MAIL, RECIPIENT_TYPE = 0x3001, 0x39FE, 0x3003, 0x0C15
ATTACHED, LONG_NAME, SHORT_NAME = 0x3701, 0x3707, 0x3704
_ROLES = {1: "to", 2: "cc", 3: "bcc"}
_NAMED = 0x8000  # from here on a file gives its own meaning to tags: e-mail addresses of contacts, among others

Properties = Mapping[int, object]  # text as str, numbers as int, moments as datetime, everything else as bytes


def record_of(message: Properties, recipients: Sequence[Properties]) -> tuple[list[str], list[str]]:
    """Labels and values of a message."""
    labels: list[str] = []
    values: list[str] = []

    def add(label: str, value: object) -> None:
        text = str(value or "").strip().strip("\0")
        if text:
            labels.append(label)
            values.append(text)

    add("from", _somebody(message, SENDER, (SENDER_SMTP, SENDER_MAIL)) or _somebody(message, SENT_FOR, (SENT_FOR_SMTP,)))
    for one in recipients:
        role = one.get(RECIPIENT_TYPE)
        add(_ROLES.get(role if isinstance(role, int) else 1, "to"), _somebody(one, NAME, (SMTP, MAIL)))
    add("date", message.get(SUBMITTED) or message.get(DELIVERED))
    add("subject", _text(message.get(SUBJECT)).lstrip("\x01").lstrip())
    for tag in sorted(message):
        if tag in _LABELS or (tag >= _NAMED and isinstance(message[tag], str) and "@" in str(message[tag])):
            add(_LABELS.get(tag, "email"), message[tag])
    add("body", body_of(message))
    return labels, values


def _somebody(one: Properties, name: int, mails: Sequence[int]) -> str:
    called = _text(one.get(name)).strip()
    # An address of an Exchange server ("/o=…/cn=…") reaches nobody outside.
    mail = next((text for text in (_text(one.get(tag)).strip() for tag in mails) if "@" in text), "")
    return mail if not called or called == mail else f"{called} <{mail}>" if mail else called


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return text_of(value) or ""
    return value if isinstance(value, str) else ""


def body_of(message: Properties) -> str:
    """The text of a message: plain, else what is seen of its HTML, else of its RTF."""
    if plain := _text(message.get(BODY)).strip():
        return plain
    if page := _text(message.get(HTML)).strip():
        return seen(page)
    packed = message.get(RTF)
    if isinstance(packed, bytes) and len(packed) > 16:
        try:
            return text_of_rtf(compressed_rtf.decompress(packed))
        except (ValueError, IndexError, TypeError, KeyError):
            return ""
    return ""
