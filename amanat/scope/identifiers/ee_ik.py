"""Estonian personal code (isikukood): sex and century, the day of birth, three digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-8]\d{10}",),
    groups=("11",),
    sums=(
        Sum(weights=(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 0), modulus=11, gives=rest(11, ">")),
        Sum(weights=(3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 0), modulus=11, gives=rest(11, "0")),
    ),
    days=(".YYMMDD....",),
    field="national_id",
    is_strong=True,
    stdnum="ee.ik",
    headers=("isikukood", "isikukoodi", "ik kood", "personal code", *NATIONAL),
    belief=0.3,
    source="https://www.riigiteataja.ee/akt/112012022010",
    examples=("isikukood 38703142170", "isikukood: 49207184308"),
    not_examples=("isikukood 38703142171", "38703142170"),
)
