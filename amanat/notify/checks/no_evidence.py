"""“No evidence of misuse” is said only by someone who looked, and says where."""

import re
from collections.abc import Iterator, Mapping

from amanat.notify.check import Check, Objection, Reading, matches
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    status = reading.status("search_for_misuse")
    if status == "known":
        return
    # A text that itself says where somebody looked may be right: a person compares it with the ledger.
    says_where = any(matches(words.unless, heard.text) for heard in reading.sentences)
    for heard in reading.sentences:
        if matches(words.patterns, heard.text) and not _is_no_claim(heard.text, words, reading.words.families):
            yield Objection(quote=heard.text, where=heard.where, is_blocking=not (says_where or status == "believed"))


def _is_no_claim(text: str, words: GateWords, families: Mapping[str, str]) -> bool:
    """Whether the sentence says what we do not know, or that somebody looked, with a day or number to hold against it."""
    looked = (*words.unless, families.get("looked", "(?!)"))
    return matches((families.get("no_claim", "(?!)"),), text) or bool(re.search(r"\d", text) and matches(looked, text))


CHECK = Check(is_blocking=True, look=_look, source="Zou et al., CHI 2019: “no evidence of misuse” in 40 % of 161 notices", read_on="2026-11-22")
