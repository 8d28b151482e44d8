"""Mexican bank account number (CLABE): the bank, the place, the account and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    patterns=(r"\d{18}",),
    groups=("18", "3-3-11-1"),
    separators=" -",
    sums=(Sum(weights=(3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 0), modulus=10, gives=less(10, "0")),),
    field="iban",
    is_strong=True,
    headers=("clabe", "clabe interbancaria"),
    belief=0.3,
    source="https://www.banxico.org.mx/",
    examples=("CLABE 012180031402187097",),
    not_examples=("CLABE 012180031402187090", "012180031402187097"),
)
