"""No capitals and no exclamation marks: that is how swindlers make people hurry."""

import re
from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading
from amanat.wording.language import GateWords

# Three words in a row: names of authorities and prescribed headings are shorter, or stand alone.
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ]{3,}(?:[\s,]+[A-ZÀ-Þ]{2,}){2,}\b")


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    for heard in reading.sentences:
        # A line of nothing but capitals that no full stop ends is a heading.
        is_heading = heard.text.isupper() and not heard.text.endswith((".", "!"))
        if "!" in heard.text or (_CAPITALS.search(heard.text) and not is_heading):
            yield Objection(quote=heard.text, where=heard.where)


CHECK = Check(
    is_blocking=False,
    look=_look,
    source="NCSC (UK), “Phishing: spot and report scam emails, texts, websites and calls”: pressure as a sign of fraud",
    read_on="2026-11-22",
)
