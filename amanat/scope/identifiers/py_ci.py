"""Paraguayan identity card or tax number (RUC): six to eight digits, the tax number with a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"[1-9]\d{7}", r"[1-9]\d{6}"),
    groups=("7-1", "6-1"),
    separators="-",
    sums=(Sum(weights=(8, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives=less(11, "0")),),
    stdnum="py.ruc",
    headers=("ruc", "ruc paraguay"),
    belief=0.0,
    source="https://www.dnit.gov.py/",
    examples=("RUC 3140218-6",),
    not_examples=("RUC 3140218-0", "3140218-6"),
)
