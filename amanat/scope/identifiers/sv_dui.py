"""Salvadoran identity document (DUI): eight digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{9}",),
    groups=("9", "8-1"),
    separators="-",
    sums=(Sum(weights=(9, 8, 7, 6, 5, 4, 3, 2, 0), modulus=10, gives=less(10, "0")),),
    field="national_id",
    is_strong=True,
    headers=("dui", "documento unico de identidad"),
    belief=0.0,
    source="https://www.rnpn.gob.sv/",
    examples=("DUI 03140218-8",),
    not_examples=("DUI 03140218-0", "03140218-8"),
)
