"""The message does not repeat what was stolen: no card or account number stands in it."""

import re
from collections.abc import Iterator

from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from amanat.notify.check import Check, Objection, Reading
from amanat.notify.checks.numbers import DIGITS
from amanat.wording.language import GateWords

_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b")


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    for heard in reading.sentences:
        text = heard.text.translate(DIGITS)
        cards = (re.sub(r"[ -]", "", found[0]) for found in _CARD.finditer(text))
        # Cut off at a word's end until it fits: "FR76 … THANKS" holds an IBAN too.
        ibans = (found[0] for found in _IBAN.finditer(text.upper()))
        if any(luhn.is_valid(card) for card in cards) or any(_holds_iban(each) for each in ibans):
            yield Objection(where=heard.where)  # quoting it would show it once more


def _holds_iban(text: str) -> bool:
    words = text.split(" ")
    tried = ("".join(words[:n]) for n in range(1, len(words) + 1))
    return any(len(each) >= 15 and mod_97_10.is_valid(each[4:] + each[:4]) for each in tried)


CHECK = Check(
    is_blocking=True,
    look=_look,
    source="GDPR Article 5(1)(c) and (f): no more data than the letter needs, and none for whoever finds it",
    read_on="2026-11-22",
)
