"""Egyptian national number: the century, the day of birth and seven digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[23]\d{13}",),
    groups=("14",),
    days=(".YYMMDD.......",),
    field="national_id",
    is_strong=True,
    headers=("الرقم القومي", "national id egypt", "egyptian id", "raqam qawmi"),
    belief=0.0,
    belief_near=0.92,
    belief_headed=0.97,
    source="https://moi.gov.eg/",
    examples=("الرقم القومي 28703140121753", "egyptian ID 29207182100438"),
    not_examples=("الرقم القومي 28713140121753", "28703140121753"),
)
