"""Nigerian national identification number (NIN): eleven digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{10}",),
    groups=("11", "4-3-4"),
    separators=" -",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("nin", "national identification number", "nimc"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://nimc.gov.ng/",
    examples=("NIN 31402187092",),
    not_examples=("31402187092", "NIN 3140218"),
)
