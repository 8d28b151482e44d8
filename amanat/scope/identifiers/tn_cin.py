"""Tunisian identity card (CIN): eight digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[01]\d{7}",),
    groups=("8",),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("cin", "carte d identite nationale", "بطاقة التعريف"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.interieur.gov.tn/",
    examples=("CIN 03140218",),
    not_examples=("03140218", "CIN 0314"),
)
