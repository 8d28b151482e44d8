"""What the reader can do now is there, and it stands before the fold."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, is_said
from amanat.notify.runs import plain
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    if not is_said(reading, words):
        yield Objection()
    if reading.notice is None:
        return
    n_words = 0
    for section in reading.notice.sections:
        if section.id == "what_you_do":
            if n_words > words.limit:
                yield Objection(where=section.id, quote=str(n_words))
            return
        n_words += sum(len(plain(sentence.text).split()) for sentence in section.sentences)


CHECK = Check(
    is_blocking=False,
    look=_look,
    source="Zou et al., CHI 2019, on what to do in 161 notices, given without order; the limit, about one printed page, is our own",
    read_on="2026-11-22",
)
