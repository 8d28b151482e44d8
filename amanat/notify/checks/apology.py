"""There is an apology, and it has no “if”."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading, matches
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    conditional = [heard for heard in reading.sentences if matches(words.unless, heard.text)]
    for heard in conditional:
        yield Objection(quote=heard.text, where=heard.where, is_blocking=True)
    has_one = any(matches(words.patterns, heard.text) for heard in reading.sentences if heard not in conditional)
    counsel = reading.facts.get("counsel_on_apology") if reading.facts else None
    if not has_one and not conditional and not (counsel and counsel.value == "objected"):
        # A short message or a press text may do without; a letter to the persons may not.
        yield Objection(is_blocking=reading.notice is not None)


CHECK = Check(is_blocking=True, look=_look, source="Kim et al., PLOS ONE 2015 (e0126358); Nikkhah and Grover, MISQ 2022", read_on="2026-11-22")
