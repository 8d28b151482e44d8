"""Ugandan national identification number (NIN): C, the sex, and twelve letters and digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"C[FM]\d{8}[0-9A-Z]{4}",),
    groups=("14",),
    field="national_id",
    is_strong=True,
    headers=("nin", "national identification number"),
    belief=0.7,
    belief_near=0.95,
    belief_headed=0.98,
    source="https://www.nira.go.ug/",
    examples=("NIN CF87031402K7RT", "CM92071843B0LP"),
    not_examples=("CF8703140",),
)
