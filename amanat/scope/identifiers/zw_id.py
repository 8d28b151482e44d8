"""Zimbabwean national registration number: the district, six or seven digits, a letter and the district of origin."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{8}[A-Z]\d{2}", r"\d{9}[A-Z]\d{2}"),
    groups=("2-6-1-2", "2-7-1-2", "2-9", "2-10", "11", "12"),
    separators="- ",
    field="national_id",
    is_strong=True,
    headers=("zimbabwe id", "national registration number"),
    belief=0.4,
    belief_near=0.9,
    belief_headed=0.95,
    source="https://www.rg.gov.zw/",
    examples=("national registration number 63-314021 K 42",),
    not_examples=("63-314021",),
)
