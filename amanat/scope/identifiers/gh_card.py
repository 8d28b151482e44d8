"""Ghana card: GHA, nine digits and a check digit."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"GHA\d{10}",),
    groups=("13", "3-9-1", "3-10"),
    separators="-",
    field="national_id",
    is_strong=True,
    headers=("ghana card", "ghana card number", "nia number"),
    belief=0.9,
    belief_near=0.97,
    belief_headed=0.99,
    source="https://nia.gov.gh/",
    examples=("GHA-314021870-3",),
    not_examples=("GHA-31402187",),
)
