"""The reader learns how to check that the message is real without trusting the message itself."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, is_said
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    if not is_said(reading, words):
        yield Objection()


CHECK = Check(
    is_blocking=False,
    look=_look,
    source="amanat's own promise: every notice can be verified, for swindlers imitate real ones",
    read_on="2026-11-22",
)
