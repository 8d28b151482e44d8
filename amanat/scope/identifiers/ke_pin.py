"""Kenyan tax number of a person (KRA PIN): A, nine digits and a letter."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"A\d{9}[A-Z]",),
    groups=("11",),
    field="national_id",
    is_strong=True,
    stdnum="ke.pin",
    headers=("kra pin", "kra", "pin no", "tax pin"),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.kra.go.ke/",
    examples=("KRA PIN A003140217K", "A003140217K"),
    not_examples=("KRA PIN A00314021", "B003140217K"),
)
