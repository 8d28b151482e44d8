"""What we know is said as it is; “may have” is for what we do not know."""

from collections.abc import Iterator

from amanat.notify.check import Check, Heard, Objection, Reading, phrases
from amanat.wording.language import GateWords

# What a hedge in a free text is most often about.
ABOUT = ("acquired", "accessed", "exfiltration", "what_happened", "confidentiality_loss")


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    for objection in phrases(reading, words):
        heard = next(h for h in reading.sentences if h.text == objection.quote and h.where == objection.where)
        status = _status(reading, heard)
        if status != "open":
            yield Objection(quote=objection.quote, where=objection.where, is_blocking=status == "known")


def _status(reading: Reading, heard: Heard) -> str:
    states = {reading.status(name) for name in (heard.facts or ABOUT) if name != "exposures"}
    if "known" in states and not (heard.facts and states & {"believed", "unknown"}):
        return "known"
    return "open" if states & {"believed", "unknown"} else "unheard"


CHECK = Check(is_blocking=True, look=_look, source="Zou et al., CHI 2019: hedges in 70 % of 161 notices", read_on="2026-11-22")
