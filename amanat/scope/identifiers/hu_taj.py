"""Hungarian social-insurance number (TAJ): eight digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="health_insurance",
    patterns=(r"\d{9}",),
    groups=("9", "3-3-3"),
    separators=" -",
    sums=(Sum(weights=(3, 7, 3, 7, 3, 7, 3, 7, 0), modulus=10, gives=rest(10)),),
    field="national_id",
    is_strong=True,
    headers=("taj", "taj szam", "tajszam"),
    belief=0.0,
    source="https://www.neak.gov.hu/",
    examples=("TAJ szám 087 314 212",),
    not_examples=("TAJ szám 087 314 210", "087 314 212"),
)
