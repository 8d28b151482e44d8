"""Australian Medicare card number: eight digits, a check digit and the number of the issue, perhaps the line on the card."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="health_insurance",
    patterns=(r"[2-6]\d{9}", r"[2-6]\d{10}"),
    groups=("10", "11", "4-5-1", "4-5-1-1", "10-1"),
    separators=" -/",
    sums=(
        Sum(weights=(1, 3, 7, 9, 1, 3, 7, 9, 0, 0), modulus=10, gives=rest(10), at=2, length=10),
        Sum(weights=(1, 3, 7, 9, 1, 3, 7, 9, 0, 0, 0), modulus=10, gives=rest(10), at=3, length=11),
    ),
    is_strong=True,
    headers=("medicare", "medicare number", "medicare card", "medicare no"),
    belief=0.3,
    source="https://www.servicesaustralia.gov.au/medicare-card",
    examples=("medicare number: 2428 77813 1",),
    not_examples=("medicare number: 2428 77810 1", "2428 77813 1"),
)
