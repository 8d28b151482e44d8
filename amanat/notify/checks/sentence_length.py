"""Sentences are short enough to be understood at the first reading."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, thoughts
from amanat.wording.language import GateWords

LONGEST = 2  # times the limit for the average: beyond it a single sentence is named
FEWEST = 5  # an average over fewer sentences says nothing


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    parts = [(part, heard) for heard in reading.sentences for part in thoughts(heard.text)]
    counted = [(n, heard) for part, heard in parts if (n := len(part.split())) > 1]
    for n, heard in counted:
        if n > LONGEST * words.limit:
            yield Objection(quote=heard.text, where=heard.where)
    lengths = [n for n, _ in counted]
    if len(lengths) >= FEWEST and sum(lengths) / len(lengths) > words.limit:
        yield Objection(quote=f"{sum(lengths) / len(lengths):.1f}")


CHECK = Check(
    is_blocking=False,
    look=_look,
    source="US Federal Plain Language Guidelines and GOV.UK (20–25 words); French and Persian limits are our own, by analogy: "
    "Flesch-type formulas are not valid for Persian without new coefficients",
    read_on="2026-11-22",
)
