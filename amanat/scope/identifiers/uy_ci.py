"""Uruguayan identity card (cédula): seven digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{7}",),
    groups=("8", "7-1", "1-3-3-1"),
    separators=".-",
    sums=(Sum(weights=(2, 9, 8, 7, 6, 3, 4, 0), modulus=10, gives=less(10, "0")),),
    field="national_id",
    is_strong=True,
    headers=("cedula", "cedula de identidad", "ci uruguay"),
    belief=0.0,
    source="https://www.gub.uy/ministerio-interior/",
    examples=("cédula de identidad 3.140.218-6",),
    not_examples=("cédula de identidad 3.140.218-0", "3.140.218-6"),
)
