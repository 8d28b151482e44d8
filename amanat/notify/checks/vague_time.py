"""When it happened is said with a day."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, matches
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    is_known = reading.status("occurrence") == "known"
    for heard in reading.sentences:
        if matches(words.patterns, heard.text) and not matches(words.unless, heard.text):
            yield Objection(quote=heard.text, where=heard.where, is_blocking=is_known)


CHECK = Check(
    is_blocking=False, look=_look, source="California Civil Code § 1798.82(d)(2)(C): the date of the breach, or its range", read_on="2026-11-22"
)
