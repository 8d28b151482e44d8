"""United States bank routing number (ABA): nine digits whose weighted sum ten divides."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    patterns=(r"0\d{8}", r"1[0-2]\d{7}", r"2\d{8}", r"3[0-2]\d{7}", r"6[1-9]\d{7}", r"7[0-2]\d{7}", r"80\d{7}"),
    groups=("9", "4-4-1"),
    separators="- ",
    sums=(Sum(weights=(3, 7, 1, 3, 7, 1, 3, 7, 1), modulus=10),),
    stdnum="us.rtn",
    headers=("routing number", "aba", "aba routing", "routing no", "rtn", "aba number"),
    belief=0.0,
    source="https://www.aba.com/about-us/routing-number",
    examples=("routing number 031402185",),
    not_examples=("routing number 031402180", "031402185"),
)
