"""Text messages: the short form of a notice, how many segments it fills, and the number it goes to."""

import re
from dataclasses import dataclass
from functools import lru_cache

from amanat import wording
from amanat.terms.company import Company
from amanat.terms.contact import Contact
from amanat.terms.notice import Notice

# 3GPP TS 23.038, 6.2.1: the default alphabet by its numbers 0 to 127; 27 leads to the table beside it, whose characters take two septets.
GSM_7 = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
GSM_7_TWO = {"\f": 10, "^": 20, "{": 40, "}": 41, "\\": 47, "[": 60, "~": 61, "]": 62, "|": 64, "€": 101}
_NUMBER = {c: i for i, c in enumerate(GSM_7) if c != "\x1b"}

# Typography that a text message can do without. One curly apostrophe would push the whole message into UCS-2: 70 characters instead of 160,
# about twice the price. Accents stay: they are spelling.
_PLAIN = str.maketrans(
    {
        "\u2019": "'",
        "\u2018": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u00a0": " ",
        "\u202f": " ",
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
    }
)
LACKS = "no mobile number on file"


@dataclass(frozen=True, slots=True)
class Size:
    """What a text takes on the wire: its alphabet, its length in units of it, and the segments that are paid for."""

    alphabet: str  # gsm7 | ucs2
    n_units: int
    n_segments: int


def size_of(text: str) -> Size:
    """How a text is counted by 3GPP TS 23.038 and 23.040: 160 or 70 units alone, 153 or 67 in each of several segments.

    >>> size_of("Hello").n_segments, size_of("درود" * 20)
    (1, Size(alphabet='ucs2', n_units=80, n_segments=2))
    """
    if is_gsm_7(text):
        widths = [2 if c in GSM_7_TWO else 1 for c in text]
        return Size("gsm7", sum(widths), 1 if sum(widths) <= 160 else len(_packed(widths, 153)))
    # Characters beyond the first plane take two units and may not be torn apart either.
    widths = [len(c.encode("utf-16-be")) // 2 for c in text]
    return Size("ucs2", sum(widths), 1 if sum(widths) <= 70 else len(_packed(widths, 67)))


def is_gsm_7(text: str) -> bool:
    return all(c in _NUMBER or c in GSM_7_TWO for c in text)


def parts_of(text: str) -> list[str]:
    """The text cut as it is sent: one part when it fits alone, else parts that fit beside the header which joins them."""
    size = size_of(text)
    if size.n_segments == 1:
        return [text]
    is_7 = size.alphabet == "gsm7"
    widths = [2 if c in GSM_7_TWO else 1 for c in text] if is_7 else [len(c.encode("utf-16-be")) // 2 for c in text]
    parts, begin = [], 0
    for n in _packed(widths, 153 if is_7 else 67):
        parts.append(text[begin : begin + n])
        begin += n
    return parts


def encoded(part: str, alphabet: str) -> bytes:
    """A part as an SMSC takes it: one octet for each septet of the default alphabet, or UTF-16."""
    if alphabet == "ucs2":
        return part.encode("utf-16-be")
    return b"".join(bytes((27, GSM_7_TWO[c])) if c in GSM_7_TWO else bytes((_NUMBER[c],)) for c in part)


def _packed(widths: list[int], room: int) -> list[int]:
    """How many characters go into each segment of `room` units."""
    counts, used = [0], 0
    for width in widths:
        if used + width > room:
            counts.append(0)
            used = 0
        counts[-1] += 1
        used += width
    return counts


def number_of(contact: Contact) -> str:
    """The first mobile number on file as +COUNTRYNUMBER; empty when there is none.

    A number without its country is read as one of the person's place of residence. What is surely no mobile number is passed over; a
    range that is too new for our tables is tried, because a person missed is worse than a message refused.
    """
    if not contact.phones:
        return ""
    import phonenumbers
    from phonenumbers import PhoneNumberType

    region = (contact.residence or "").partition("-")[0] or None
    for phone in contact.phones:
        try:
            number = phonenumbers.parse(phone.reveal(why="number of the text message"), region)
        except phonenumbers.NumberParseException:
            continue
        may_be_mobile = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.UNKNOWN)
        if phonenumbers.is_possible_number(number) and phonenumbers.number_type(number) in may_be_mobile:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return ""


def short_text(notice: Notice, company: Company, code: str, residence: str | None) -> str:
    """What the notice says by text message: who writes, the code, and where to read and check it.

    It reveals nothing on a locked screen. The address is the company's own and stands as it is: no shortened link, which a
    deceiver could make as well.
    """
    return _form(notice.language, company, residence or "").replace("\ue000", code)


@lru_cache(maxsize=4096)
def _shared(language: str, name: str, url: str, phone: str) -> str:
    words = wording.words(language)
    text = words.say(words.text["sms"], company=name, url=url, code="\ue000")
    if phone:
        text += "\n" + words.say(words.text["sms_phone"], phone=phone)
    return text.translate(_PLAIN)


def _form(language: str, company: Company, residence: str) -> str:
    phone = company.phone.get(residence) or company.phone.get(residence.partition("-")[0]) or company.phone.get("default", "")
    # "https://" costs eight characters and helps nobody who types.
    url = re.sub(r"^https://", "", company.notices_url)
    return _shared(language, company.name, url, phone)


def reaches(contact: Contact) -> bool:
    """Whether a text message can reach this person: there is a mobile number, and it is their own (not that of someone who has died)."""
    return not contact.deceased and bool(number_of(contact))
