"""Bahraini personal number (CPR): nine digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{9}",),
    groups=("9",),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("bahrain cpr", "cpr number bahrain", "الرقم السكاني"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.iga.gov.bh/",
    examples=("الرقم السكاني 870314217",),
    not_examples=("870314217", "Bahrain CPR 870"),
)
