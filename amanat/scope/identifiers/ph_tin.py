"""Philippine tax number (TIN): nine digits and perhaps three of the branch, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"[0-5]\d{8}", r"[0-5]\d{11}"),
    groups=("9", "12", "3-3-3", "3-3-3-3"),
    separators="- ",
    check="not_uniform",
    headers=("ph tin", "philippine tin", "bir tin", "tin number"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.bir.gov.ph/",
    examples=("BIR TIN 314-021-870-000",),
    not_examples=("314-021-870-000", "BIR TIN 314"),
)
