"""Russian tax number of a person (ИНН): ten digits and two check digits."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"\d{12}",),
    groups=("12",),
    sums=(
        Sum(weights=(7, 2, 4, 10, 3, 5, 9, 4, 6, 8, 0, 0), modulus=11, gives=rest(11, "0"), at=2),
        Sum(weights=(3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8, 0), modulus=11, gives=rest(11, "0")),
    ),
    field="national_id",
    is_strong=True,
    stdnum="ru.inn",
    headers=("inn", "инн", *NATIONAL),
    belief=0.45,
    source="https://www.nalog.gov.ru/",
    examples=("ИНН 770314021870",),
    not_examples=("ИНН 770314021871", "770314021870"),
)
