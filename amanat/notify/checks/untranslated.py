"""What the ledger says in another language, it says in this one too."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading
from amanat.terms.fact import fact_types
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    if reading.notice is None or reading.facts is None:
        return
    for name, fact in reading.facts.items():
        is_statement = name in fact_types() and fact_types()[name].type == "statement"
        if is_statement and fact.status != "unknown" and not str((fact.value or {}).get(reading.notice.language, "")).strip():
            yield Objection(quote=f"{name}.{reading.notice.language}", where=name)


CHECK = Check(is_blocking=True, look=_look, source="EDPB Guidelines 9/2022, section III: in the language of the person", read_on="2026-11-22")
