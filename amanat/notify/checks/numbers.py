"""Numbers of people are those of the facts, the same on every channel."""

import re
from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading
from amanat.wording.language import GateWords

DIGITS = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "01234567890123456789")
_TIMES = {"thousand": 1_000, "mille": 1_000, "هزار": 1_000, "million": 1_000_000, "millions": 1_000_000, "میلیون": 1_000_000}


def number_of(written: str, times: str = "") -> int | None:
    """The whole number that is written, in Latin or Persian digits.

    >>> number_of("41,870"), number_of("۴۱٬۸۷۰"), number_of("1,2", "million"), number_of("41 870")
    (41870, 41870, 1200000, 41870)
    """
    text = written.translate(DIGITS).strip()
    factor = _TIMES.get(times.strip().lower(), 1)
    if factor > 1 and re.fullmatch(r"\d+[.,٫]\d{1,2}", text):
        return round(float(re.sub("[,٫]", ".", text)) * factor)
    digits = re.sub(r"[^\d]", "", text)
    return int(digits) * factor if 0 < len(digits) < 16 else None


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    fact = reading.facts.get("residents") if reading.facts else None
    if fact is None or not isinstance(fact.value, dict):
        return
    right = {*fact.value.values(), sum(fact.value.values())}
    for heard in reading.sentences:
        if "exposures" in heard.facts:  # counted by us, not written by hand
            continue
        for pattern in words.patterns:
            for found in re.finditer(pattern, heard.text, re.IGNORECASE):
                if number_of(found[1], (found[2] or "") if found.re.groups > 1 else "") not in right:
                    yield Objection(quote=heard.text, where=heard.where)


CHECK = Check(is_blocking=True, look=_look, source="amanat's own promise: same numbers on every channel", read_on="2026-11-22")
