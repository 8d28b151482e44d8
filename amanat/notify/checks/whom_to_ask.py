"""The reader finds a number, a mail address or a postal address at which a human being answers."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, is_said
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    if not is_said(reading, words):
        yield Objection(is_blocking=reading.notice is not None)


CHECK = Check(is_blocking=True, look=_look, source="GDPR Articles 34(2) and 33(3)(b): name and contact details", read_on="2026-11-22")
