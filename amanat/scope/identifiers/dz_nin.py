"""Algerian national number (NIN): eighteen digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[12]\d{17}",),
    groups=("18",),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("nin", "numero d identification national", "numero national d identification", "الرقم التعريفي الوطني"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.interieur.gov.dz/",
    examples=("NIN 119870314021750042",),
    not_examples=("119870314021750042", "NIN 1198703140"),
)
