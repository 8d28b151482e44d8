"""What the ledger says in another language, it says in this one too."""

from collections.abc import Iterator

from amanat.notify.check import Check, Objection, Reading
from amanat.terms.fact import fact_types
from amanat.wording.language import GateWords


def _look(reading: Reading, words: GateWords) -> Iterator[Objection]:
    if reading.notice is None or reading.facts is None:
        return
    # A statement without an easy form stands in easy texts as it is: the rule for easy language says where it is too hard.
    tag = reading.words.language.tag
    for name, fact in reading.facts.items():
        is_statement = name in fact_types() and fact_types()[name].type == "statement"
        if is_statement and fact.status != "unknown" and not str((fact.value or {}).get(tag, "")).strip():
            yield Objection(quote=f"{name}.{tag}", where=name)


CHECK = Check(is_blocking=True, look=_look, source="EDPB Guidelines 9/2022, section III: in the language of the person", read_on="2026-11-22")
