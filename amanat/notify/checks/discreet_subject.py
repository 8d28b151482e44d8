"""Nobody who sees the subject or the envelope learns what happened to the person."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, matches
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    if reading.subject is not None and matches(words.patterns, reading.subject):
        yield Objection(quote=reading.subject, where="subject")


CHECK = Check(is_blocking=True, look=_look, source="GDPR Art. 5(1)(f); 45 CFR 164.404(d)(1) read with 164.530(c)", read_on="2026-11-22")
