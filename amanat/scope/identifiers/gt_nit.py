"""Guatemalan tax number (NIT): up to eight digits and a check digit or K."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"\d{8}[0-9K]", r"\d{7}[0-9K]", r"\d{6}[0-9K]"),
    groups=("8-1", "7-1", "6-1", "9", "8", "7"),
    separators="-",
    sums=(Sum(weights=(9, 8, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives=less(11, "K")),),
    stdnum="gt.nit",
    headers=("nit",),
    belief=0.0,
    source="https://portal.sat.gob.gt/",
    examples=("NIT 7148352-7",),
    not_examples=("NIT 7148352-0", "7148352-7"),
)
