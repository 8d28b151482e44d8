"""United Kingdom taxpayer reference (UTR): ten digits, the first one a check."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"\d{10}",),
    groups=("10", "5-5"),
    separators=" ",
    sums=(Sum(weights=(0, 6, 7, 8, 9, 10, 5, 4, 3, 2), modulus=11, gives="21987654321", at=10),),
    stdnum="gb.utr",
    headers=("utr", "unique taxpayer reference"),
    belief=0.3,
    source="https://www.gov.uk/find-utr-number",
    examples=("UTR 9729385146",),
    not_examples=("UTR 9729385140", "9729385146"),
)
