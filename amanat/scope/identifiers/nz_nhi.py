"""New Zealand national health index number (NHI): three letters, three digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

_VALUES = {letter: n for n, letter in enumerate("ABCDEFGHJKLMNPQRSTUVWXYZ", 1)}

IDENTIFIER = Identifier(
    kind="medical_id",
    patterns=(r"[A-HJ-NP-Z]{3}\d{4}",),
    groups=("7", "3-4"),
    separators=" ",
    sums=(Sum(weights=(7, 6, 5, 4, 3, 2, 0), modulus=11, values=_VALUES, gives="-" + less(11, "0")[1:]),),
    field="national_id",
    is_strong=True,
    headers=("nhi", "nhi number", "national health index"),
    belief=0.3,
    source="https://www.tewhatuora.govt.nz/our-health-system/digital-health/national-health-index",
    examples=("NHI RKM3149",),
    not_examples=("NHI RKM3140", "RKM3149"),
)
