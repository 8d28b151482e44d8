"""New Zealand tax number (IRD): eight or nine digits, the last one a check."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"[1-9]\d{7}", r"1[0-4]\d{7}"),
    groups=("8", "9", "2-3-3", "3-3-3"),
    separators="- ",
    sums=(
        Sum(weights=(3, 2, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives=less(11, ">")),
        Sum(weights=(7, 4, 3, 2, 5, 2, 7, 6, 0), modulus=11, gives=less(11)),
    ),
    field="national_id",
    is_strong=True,
    stdnum="nz.ird",
    headers=("ird", "ird number", "ird no"),
    belief=0.0,
    source="https://www.ird.govt.nz/managing-my-tax/ird-numbers",
    examples=("IRD 31-402-182", "ird number 118-570-316"),
    not_examples=("IRD 31-402-180", "31-402-182"),
)
