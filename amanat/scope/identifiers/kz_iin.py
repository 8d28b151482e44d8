"""Kazakh individual number (ИИН): the day of birth, sex and century, four digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{6}[0-6]\d{5}",),
    groups=("12",),
    sums=(
        Sum(weights=(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0), modulus=11, gives=rest(11, ">")),
        Sum(weights=(3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2, 0), modulus=11, gives=rest(11)),
    ),
    days=("YYMMDD......",),
    field="national_id",
    is_strong=True,
    headers=("iin", "иин", "жсн", *NATIONAL),
    belief=0.3,
    source="https://egov.kz/",
    examples=("ИИН 870314302172",),
    not_examples=("ИИН 870314302170", "870314302172"),
)
