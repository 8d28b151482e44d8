"""The reader learns by when we write again."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, is_said
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    if not is_said(reading, words):
        yield Objection(is_blocking=reading.notice is not None)
    fact = reading.facts.get("next_update") if reading.facts else None
    if reading.now and fact and fact.value is not None and fact.value <= reading.now:
        yield Objection(quote=fact.value.isoformat(), where="next_update", is_blocking=True)


CHECK = Check(is_blocking=True, look=_look, source="amanat's own promise: progress is kept with a timer", read_on="2026-11-22")
