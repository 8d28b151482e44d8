"""Russian pension-insurance number (СНИЛС): nine digits and two check digits."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{11}",),
    groups=("11", "3-3-3-2"),
    separators="- ",
    sums=(Sum(weights=(9, 8, 7, 6, 5, 4, 3, 2, 1, -10, -1), modulus=101),),
    field="national_id",
    is_strong=True,
    headers=("snils", "снилс", *NATIONAL),
    belief=0.45,
    source="https://sfr.gov.ru/",
    examples=("СНИЛС 314-021-870 14",),
    not_examples=("СНИЛС 314-021-870 10", "314-021-870 14"),
)
