"""Times as other systems write them: with or without offset, seconds since 1970, day before month or month before day.

A column is read in one way only. Which way is decided by what cannot be otherwise (nothing is the 25th month); where nothing
decides, its dates are set aside: a guess would move half of them by months.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOMENT = pa.timestamp("us", "UTC")
_PARTS = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?")
_YEAR_FIRST = re.compile(r"(\d{4})([/.])(\d{1,2})\2(\d{1,2})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?")
_DIGITS = re.compile(r"\d{9,19}(?:\.\d+)?")
# Digits before the point -> how many of the unit make a second; 9 digits of seconds begin in 1973.
_UNITS = {"seconds": (1, 9, 11), "milliseconds": (1_000, 12, 14), "microseconds": (1_000_000, 15, 17), "nanoseconds": (1_000_000_000, 18, 19)}


@dataclass(frozen=True, slots=True)
class Aside:
    """Rows that could not be used, or were read in a way to be known: why, how many, and a word (never a person's value)."""

    code: str
    n: int
    example: str = ""


def moments(column: Any, name: str, aside: list[Aside], *, bad: str = "bad_time") -> Any:
    """Moments in UTC; what cannot be read is null and counted, and a time without offset counts as UTC.

    Args:
        bad: the code under which unreadable ones are counted.
    """
    if pa.types.is_timestamp(column.type):
        if column.type.tz is None:
            aside.append(Aside("no_offset", len(column) - column.null_count, name))
            return pc.assume_timezone(column.cast(pa.timestamp("us"), safe=False), "UTC")
        return column.cast(MOMENT, safe=False)
    if pa.types.is_date(column.type):
        return pc.assume_timezone(column.cast(pa.timestamp("us")), "UTC")
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return _since_1970(column, name, aside, bad)
    text = column.cast(pa.string())
    # Arrow's own reading is quick, and knows only the plain spelling.
    try:
        return text.cast(MOMENT)
    except pa.ArrowInvalid:
        return _spelled(text, name, aside, bad)


def _since_1970(column: Any, name: str, aside: list[Aside], bad: str) -> Any:
    """Numbers: seconds, or thousandths of them, as the size of the middle one says."""
    values = np.asarray(column.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False), dtype=np.float64)
    given = values[~np.isnan(values) & (values > 0)]
    unit = _unit_of(int(np.median(given))) if len(given) else None
    if unit is None:
        aside.append(Aside(bad, len(column), name))
        return pa.nulls(len(column), MOMENT)
    per_second, least, most = _UNITS[unit]
    fits = (values >= 10.0 ** (least - 1)) & (values < 10.0**most)
    aside.append(Aside(f"in_{unit}", int(fits.sum()), name))
    if n := int((~fits).sum()):
        aside.append(Aside(bad, n, name))
    read = np.where(fits, values, 0) * (1_000_000 / per_second)
    return pa.array(read.astype(np.int64), pa.int64(), mask=~fits).cast(MOMENT)


def _unit_of(value: int) -> str | None:
    n_digits = len(str(value))
    return next((unit for unit, (_per, least, most) in _UNITS.items() if least <= n_digits <= most), None)


def _spelled(text: Any, name: str, aside: list[Aside], bad: str) -> Any:
    """One by one, each spelling once: slower, and only for tables with something unusual in them."""
    spelled = (text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text).dictionary_encode()
    words = [(word or "").strip() for word in spelled.dictionary.to_pylist()]
    n_of = Counter(spelled.indices.to_pylist())
    digits = [word for word in words if _DIGITS.fullmatch(word)]
    unit = _unit_of(int(sorted(digits, key=len)[len(digits) // 2].split(".")[0])) if digits else None
    order = _order(words)
    n: Counter[str] = Counter()
    read: list[datetime | None] = []
    for i, word in enumerate(words):
        at, how = _moment(word, unit, order)
        read.append(at and (at if at.tzinfo else at.replace(tzinfo=timezone.utc)))
        if at is None:
            n[how or bad] += n_of[i]
        else:
            n[how] += n_of[i]
            n["no_offset"] += n_of[i] if at.tzinfo is None and bad == "bad_time" else 0
    n[bad] += n_of[None]
    aside += [Aside(code, many, name) for code, many in n.items() if many and code]
    return pa.chunked_array([pa.array(read, MOMENT).take(spelled.indices)])


def _order(words: list[str]) -> str:
    """How this column writes day and month: "day_first", "month_first", or why nobody can tell."""
    slashed = [found for word in words if (found := _PARTS.fullmatch(word)) and found[2] != "."]
    days, months = (any(int(found[part]) > 12 for found in slashed) for part in (1, 3))
    if days and months:
        return "mixed_dates"
    return "day_first" if days else "month_first" if months else "ambiguous_dates"


def _moment(word: str, unit: str | None, order: str) -> tuple[datetime | None, str]:
    """The moment, and what is to be counted about how it was read, or about why not."""
    if _DIGITS.fullmatch(word):
        if unit is None or _unit_of(int(word.split(".")[0])) != unit:
            return None, ""
        return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=float(word) / _UNITS[unit][0]), f"in_{unit}"
    if found := _YEAR_FIRST.fullmatch(word):
        return _built(found[1], found[3], found[4], found), ""
    if found := _PARTS.fullmatch(word):
        if found[2] == ".":  # nobody writes the month first and parts it with points
            return _built(found[4], found[3], found[1], found), ""
        if order not in ("day_first", "month_first"):
            return None, order
        day, month = (found[1], found[3]) if order == "day_first" else (found[3], found[1])
        at = _built(found[4], month, day, found)
        return at, order if at else ""
    return _or_none(lambda: datetime.fromisoformat(word)), ""


def _built(year: str, month: str, day: str, found: re.Match[str]) -> datetime | None:
    hour, minute, second = (int(found[i] or 0) for i in (5, 6, 7))
    return _or_none(lambda: datetime.fromisoformat(f"{year}-{int(month):02}-{int(day):02}T{hour:02}:{minute:02}:{second:02}"))


def _or_none(build: Callable[[], datetime]) -> datetime | None:
    try:
        return build()
    except (ValueError, OverflowError):
        return None
