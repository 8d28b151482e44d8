"""The many ways in which people write the same value: telephones, accounts, cards, days, addresses, Persian letters, slips of the hand."""

from functools import cache

import numpy as np
import pyarrow.compute as pc

from amanat.prepare.block import Block
from amanat.prepare.column import Text, choose, iso, join, pick, slice_of, where
from amanat.prepare.draw import Flags
from amanat.prepare.places import CODES

_PERSIAN = "۰۱۲۳۴۵۶۷۸۹"


def phone(part: Block, stream: str, *, persian_digits: bool = False) -> Text:
    """Each telephone number in one of its spellings: national or international, with dots, brackets, dashes or none; null stays null."""
    e164 = part.phone
    bare = slice_of(e164, 1)  # without the plus
    home = {
        "FR": _french(e164),
        "GB": [join("0", slice_of(e164, 3)), join("0", slice_of(e164, 3, 6), " ", slice_of(e164, 6, 9), " ", slice_of(e164, 9)),
        join("+44 (0)", slice_of(e164, 3))],
        "DE": [join("0", slice_of(e164, 3)), join("+49 ", slice_of(e164, 3, 5), " ", slice_of(e164, 5)), join("0", slice_of(e164, 3, 5),
        "/", slice_of(e164, 5))],
        "IR": [join("0", slice_of(e164, 3)), join("0", slice_of(e164, 3, 6), " ", slice_of(e164, 6, 9), " ", slice_of(e164, 9)),
        join("0098", slice_of(e164, 3))],
        "BR": [join("(", slice_of(e164, 3, 5), ") ", slice_of(e164, 5, 10), "-", slice_of(e164, 10)), slice_of(e164, 3), join("+55 ",
        slice_of(e164, 3, 5), " ", slice_of(e164, 5, 10), "-", slice_of(e164, 10))],
    }  # fmt: skip
    american = [
        join("(", slice_of(e164, 2, 5), ") ", slice_of(e164, 5, 8), "-", slice_of(e164, 8)),
        join(slice_of(e164, 2, 5), "-", slice_of(e164, 5, 8), "-", slice_of(e164, 8)),
        join("+1 ", slice_of(e164, 2, 5), ".", slice_of(e164, 5, 8), ".", slice_of(e164, 8)),
    ]
    which = part.draw.below(f"{stream}.national", 3)
    national = choose(which, *american)
    for code, forms in home.items():
        national = where(part.is_in(code), choose(which, *forms), national)
    if persian_digits:
        national = where(part.draw.chance(f"{stream}.persian", 0.7), in_persian_digits(national), national)
    return choose(part.draw.weighted(f"{stream}.form", [70, 20, 10]), national, e164, join("00", bare))


def _french(e164: Text) -> list[Text]:
    pairs = [slice_of(e164, i, i + 2) for i in (4, 6, 8, 10)]
    first = slice_of(e164, 3, 4)
    return [join(join("0", first), *pairs, by=" "), join(join("0", first), *pairs, by="."), join("+33 (0)", join(first, *pairs, by=" "))]


def iban(part: Block, stream: str) -> Text:
    """Accounts in groups of four, or in one piece, now and then in small letters."""
    grouped = part.iban
    for i in range(7):
        at = 4 + i * 5
        longer = pc.greater(pc.utf8_length(grouped), at)
        grouped = pc.if_else(longer, join(slice_of(grouped, 0, at), " ", slice_of(grouped, at)), grouped)
    return choose(part.draw.weighted(f"{stream}.form", [60, 30, 10]), grouped, part.iban, pc.utf8_lower(grouped))


def card(part: Block, stream: str) -> Text:
    """Card numbers with blanks, dashes, or in one piece."""
    whole = part.card

    def by(mark: str) -> Text:
        short = join(slice_of(whole, 0, 4), slice_of(whole, 4, 10), slice_of(whole, 10), by=mark)
        long = join(*[slice_of(whole, i, i + 4) for i in (0, 4, 8, 12)], by=mark)
        return pc.if_else(pc.equal(pc.utf8_length(whole), 16), long, short)

    return choose(part.draw.below(f"{stream}.form", 3), by(" "), by("-"), whole)


def masked_card(part: Block) -> Text:
    """Card numbers as receipts show them: nobody can restore them, so they are part of a card and no card."""
    return join(slice_of(part.card, 0, 6), "******", slice_of(part.card, -4))


def national_id(part: Block, stream: str) -> Text:
    """National numbers in one piece, or with their country's blanks, dots and dashes."""
    whole = part.national_id
    spaced = {
        ("FR",): join(slice_of(whole, 0, 1), slice_of(whole, 1, 3), slice_of(whole, 3, 5), slice_of(whole, 5, 7), slice_of(whole, 7, 10),
        slice_of(whole, 10, 13), slice_of(whole, 13), by=" "),
        ("US-CA", "US-NY", "US-TX", "US-FL"): join(slice_of(whole, 0, 3), slice_of(whole, 3, 5), slice_of(whole, 5), by="-"),
        ("GB",): join(slice_of(whole, 0, 2), slice_of(whole, 2, 4), slice_of(whole, 4, 6), slice_of(whole, 6, 8), slice_of(whole, 8), by=" "),
        ("BR",): join(join(slice_of(whole, 0, 3), slice_of(whole, 3, 6), slice_of(whole, 6, 9), by="."), "-", slice_of(whole, 9)),
        ("IR",): join(slice_of(whole, 0, 3), slice_of(whole, 3, 9), slice_of(whole, 9), by="-"),
        ("DE",): join(slice_of(whole, 0, 2), slice_of(whole, 2, 5), slice_of(whole, 5, 8), slice_of(whole, 8), by=" "),
    }  # fmt: skip
    plain = part.draw.chance(f"{stream}.plain", 0.4) & ~part.is_in("US-CA", "US-NY", "US-TX", "US-FL")
    out = whole
    for codes, form in spaced.items():
        out = where(part.is_in(*codes) & ~plain, form, out)
    return out


def day(part: Block, form: str) -> Text:
    """Birth dates as `iso`, `dmy/`, `dmy.`, `mdy/` or `jalali`."""
    text = iso(part.birth_date)
    year, month, day_ = slice_of(text, 0, 4), slice_of(text, 5, 7), slice_of(text, 8)
    if form == "jalali":
        return pick(_jalali_days(), part.birth_date.astype("datetime64[D]").astype(np.int64) - _FIRST_DAY)
    return {"iso": text, "dmy/": join(day_, month, year, by="/"), "dmy.": join(day_, month, year, by="."), "mdy/": join(month, day_, year, by="/")}[
        form
    ]


def loud(part: Block, text: Text, stream: str, share: float) -> Text:
    """Some of the values in capitals, as forms and tired people write them."""
    return where(part.draw.chance(f"{stream}.loud", share), pc.utf8_upper(text), text)


def slip(text: Text, flag: Flags) -> Text:
    """Two neighbouring letters changed places, where the flag is set."""
    return where(flag, join(slice_of(text, 0, 2), slice_of(text, 3, 4), slice_of(text, 2, 3), slice_of(text, 4)), text)


def in_persian_digits(text: Text) -> Text:
    """The same with ۰ to ۹."""
    for i, digit in enumerate(_PERSIAN):
        text = pc.replace_substring(text, str(i), digit)
    return text


def with_arabic_letters(text: Text) -> Text:
    """ي and ك for ی and ک, as Arabic keyboards and Windows-1256 have them."""
    return pc.replace_substring(pc.replace_substring(text, "ی", "ي"), "ک", "ك")


def without_joiners(text: Text) -> Text:
    """A blank where careful writers set a zero-width non-joiner."""
    return pc.replace_substring(text, "\u200c", " ")


_FIRST_DAY = int(np.datetime64("1925-03-21", "D").astype(np.int64))  # 1 Farvardin 1304


@cache
def _jalali_days() -> list[str]:
    """1304/01/01 and the following 125 years of days.

    Leap years by the 33-year rule (years whose rest modulo 33 is 1, 5, 9, 13, 17, 22, 26 or 30), which agrees with
    the official calendar from 1244 to 1472 (Birashk; Reingold and Dershowitz, Calendrical Calculations).
    """
    days = []
    for year in range(1304, 1430):
        leap = year % 33 in {1, 5, 9, 13, 17, 22, 26, 30}
        for month in range(1, 13):
            length = 31 if month <= 6 else 30 if month <= 11 or leap else 29
            days += [f"{year}/{month:02}/{d:02}" for d in range(1, length + 1)]
    return days


def residence_words(part: Block) -> Text:
    """The country as exports name it."""
    return pick([code.split("-")[0] for code in CODES], part.place)


def with_quotes(text: Text) -> Text:
    """In double quotes, doubled inside, as CSV wants it; null becomes nothing at all."""
    return pc.fill_null(join('"', pc.replace_substring(text, '"', '""'), '"'), "")


def in_sql(text: Text) -> Text:
    """A MySQL literal: escaped, in single quotes; null becomes NULL."""
    escaped = pc.replace_substring(pc.replace_substring(text, "\\", "\\\\"), "'", "\\'")
    return pc.fill_null(join("'", escaped, "'"), "NULL")


def in_json(text: Text) -> Text:
    """A JSON string; null becomes null. Our values hold no control characters."""
    escaped = pc.replace_substring(pc.replace_substring(text, "\\", "\\\\"), '"', '\\"')
    return pc.fill_null(join('"', escaped, '"'), "null")
