"""Uzbek personal number (ПИНФЛ): sex and century, the day of birth, six digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-6]\d{13}",),
    groups=("14",),
    sums=(Sum(weights=(7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 0), modulus=10, gives=rest(10)),),
    days=(".DDMMYY.......",),
    field="national_id",
    is_strong=True,
    headers=("pinfl", "jshshir", "пинфл", *NATIONAL),
    belief=0.3,
    source="https://my.gov.uz/",
    examples=("ПИНФЛ 41403870217544",),
    not_examples=("ПИНФЛ 41403870217540", "41403870217544"),
)
