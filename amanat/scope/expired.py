"""Expired: a card number beside an expiry date that is past is one of a card that no longer works."""

import calendar
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa

from amanat.scope.fold import fold_text
from amanat.scope.scan import Found, Scanner

_CARDS = ("card", "card_maestro")


def last_day(text: str) -> date | None:
    """The last day on which a card works whose expiry is written so; None when that cannot be told.

    >>> last_day("09/28"), last_day("2024-02"), last_day("0225"), last_day("31/12/2025"), last_day("13/28")
    (datetime.date(2028, 9, 30), datetime.date(2024, 2, 29), datetime.date(2025, 2, 28), datetime.date(2025, 12, 31), None)
    """
    numbers = [int(number) for number in re.findall(r"\d+", fold_text(text))]
    match numbers:
        case [packed] if re.fullmatch(r"\D*\d{4}\D*", fold_text(text)):
            month, year = divmod(packed, 100)
        case [packed] if re.fullmatch(r"\D*\d{6}\D*", fold_text(text)):
            year, month = divmod(packed, 100) if packed // 100 > 1900 else divmod(packed, 10_000)[::-1]
        case [year, month, *_] if year > 1900:
            pass
        case [*_, month, year]:
            pass
        case _:
            return None
    year += 2000 if year < 100 else 0
    if not (1 <= month <= 12 and 1980 <= year <= 2100):
        return None
    return date(year, month, calendar.monthrange(year, month)[1])


def with_expired(found: Found, texts: pa.Array, scanner: Scanner, now: date) -> Found:
    """The candidates; cards of records whose every expiry date is past are told apart from those that still work."""
    names = scanner.names
    if not {"card", "card_expiry", "card_expired"} <= set(names):
        return found
    expiries = np.flatnonzero(found.identifier == names.index("card_expiry"))
    cards = np.isin(found.identifier, [names.index(name) for name in _CARDS if name in names])
    expiries = expiries[np.isin(found.record[expiries], found.record[cards])]
    if not len(expiries):
        return found
    records, which = np.unique(found.record[expiries], return_inverse=True)
    whole = texts.take(pa.array(records)).to_pylist()
    is_past = np.ones(len(records), bool)
    for row, at in zip(expiries.tolist(), which.tolist(), strict=True):
        day = last_day(whole[at][found.start[row] : found.end[row]])
        is_past[at] &= day is not None and day < now
    identifier = found.identifier.copy()
    identifier[cards & np.isin(found.record, records[is_past])] = names.index("card_expired")
    return replace(found, identifier=identifier)
