"""Indian tax number (PAN): five letters, of which the fourth tells whose, four digits and a letter."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"[A-Z]{3}[ABCFGHJKLPT][A-Z]\d{4}[A-Z]",),
    groups=("10",),
    field="national_id",
    is_strong=True,
    stdnum="in_.pan",
    only_capitals=True,  # in small letters it looks like the hash of a commit
    headers=("pan", "pan number", "pan card", "pan no", "permanent account number"),
    belief=0.8,
    belief_near=0.95,
    belief_headed=0.98,
    source="https://www.incometax.gov.in/",
    examples=("ARKPO4120L", "PAN: ARKPO4120L"),
    not_examples=("ARKXO4120L", "PAN: ARKPO412"),
)
