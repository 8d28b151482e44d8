"""Azerbaijani personal code (FİN): seven letters and digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d[0-9A-HJ-NP-Z]{6}", r"[1-9A-HJ-NP-Z]\d[0-9A-HJ-NP-Z]{5}"),
    groups=("7",),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("fin kod", "fin kodu", "fin code"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.e-gov.az/",
    examples=("FIN kod 3K14R02",),
    not_examples=("3K14R02", "FIN kod 3K1"),
)
