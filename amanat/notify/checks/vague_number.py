"""How many persons are affected is said with a number, where the number is known."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, matches
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    is_known = reading.status("residents") == "known"
    for heard in reading.sentences:
        if matches(words.patterns, heard.text) and not matches(words.unless, heard.text):
            yield Objection(quote=heard.text, where=heard.where, is_blocking=is_known)


CHECK = Check(is_blocking=False, look=_look, source="GDPR Article 33(3)(a), told to the authority: the public learns no less", read_on="2026-11-22")
