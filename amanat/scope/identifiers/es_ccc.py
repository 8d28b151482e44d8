"""Spanish bank account number (CCC): bank, branch, two check digits and the account."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    patterns=(r"\d{20}",),
    groups=("20", "4-4-2-10"),
    separators=" -",
    sums=(
        Sum(weights=(4, 8, 5, 10, 9, 7, 3, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), modulus=11, gives=less(11, "1"), at=12),
        Sum(weights=(0, 1, 2, 4, 8, 5, 10, 9, 7, 3, 6), modulus=11, gives=less(11, "1"), at=11),
    ),
    field="iban",
    is_strong=True,
    stdnum="es.ccc",
    headers=("ccc", "codigo cuenta cliente", "cuenta bancaria"),
    belief=0.45,
    source="https://www.bde.es/",
    examples=("CCC 2100 0418 40 0200314021",),
    not_examples=("CCC 2100 0418 40 0200314020", "2100 0418 40 0200314021"),
)
