"""“No evidence of misuse” is said only by someone who looked, and says where."""

import re
from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, matches
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    status = reading.status("search_for_misuse")
    if status == "known":
        return
    # A text that itself says where somebody looked may be right: a person compares it with the ledger.
    says_where = any(matches(words.unless, heard.text) for heard in reading.sentences)
    for heard in reading.sentences:
        if matches(words.patterns, heard.text) and not _says_where_and_when(heard.text, words):
            yield Objection(quote=heard.text, where=heard.where, is_blocking=not (says_where or status == "believed"))


def _says_where_and_when(text: str, words: GateWords) -> bool:
    """Whether the sentence itself says that somebody looked, with a day or a number that can be held against it."""
    return bool(re.search(r"\d", text)) and matches(words.unless, text)


CHECK = Check(is_blocking=True, look=_look, source="Zou et al., CHI 2019: “no evidence of misuse” in 40 % of 161 notices", read_on="2026-11-22")
