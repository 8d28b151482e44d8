"""A message that comes late says why."""

from collections.abc import Iterator, Mapping
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
    if any(matches(words.patterns, heard.text) or "delay_reason" in heard.facts for heard in reading.sentences):
        return
    if is_late(reading):
        yield Objection()
        return
    for heard in reading.sentences:
        if matches(words.hints, heard.text) or _lie_months_between(heard.text, reading.words.families):
            yield Objection(quote=heard.text, where=heard.where, is_blocking=False)


def _lie_months_between(text: str, families: Mapping[str, str]) -> bool:
    """Whether the sentence says in which month we noticed and in which we write, and the two are not neighbours."""
    months = families.get("month", "").split("|")
    if len(months) != 12 or not all(matches((families.get(one, "(?!)"),), text) for one in ("noticed", "we_write")):
        return False
    said = [n for n, month in enumerate(months) if matches((rf"\b{month}\b",), text)]
    return any(min((a - b) % 12, (b - a) % 12) > 1 for a in said for b in said)


CHECK = Check(is_blocking=True, look=_look, source="Res. CD/ANPD 15/2024, Art. 9; Muzatko and Bansal, Internet Research 2023", read_on="2026-11-22")
