"""A message that comes late says why."""

from collections.abc import Iterator
from datetime import timedelta

from amanat.notify.check import Check, Objection, Reading, matches
from amanat.wording.language import GateWords

LATE = timedelta(days=30)  # after we knew, where no law names an instant
KNEW = ("awareness", "discovery", "detection")


def is_late(reading: Reading) -> bool:
    """Whether a duty's instant has passed, or a month since we knew."""
    if reading.now is None:
        return False
    knew = [reading.facts[name].value for name in KNEW if reading.facts and name in reading.facts and reading.facts[name].value]
    return any(duty.due_at and duty.due_at < reading.now for duty in reading.duties) or bool(knew and reading.now - min(knew) > LATE)


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    if not is_late(reading):
        return
    if not any(matches(words.patterns, heard.text) or "delay_reason" in heard.facts for heard in reading.sentences):
        yield Objection()


CHECK = Check(is_blocking=True, look=_look, source="Res. CD/ANPD 15/2024, Art. 9; Muzatko and Bansal, Internet Research 2023", read_on="2026-11-22")
