"""Irish personal public service number (PPS): seven digits, a check letter and perhaps one more letter."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{7}[A-W]", r"\d{7}[A-W][ABHTWX]"),
    groups=("8", "9", "7-1", "7-2", "7-1-1"),
    separators=" -",
    sums=(
        Sum(weights=(8, 7, 6, 5, 4, 3, 2, 0), modulus=23, gives="WABCDEFGHIJKLMNOPQRSTUV", length=8),
        Sum(
            weights=(8, 7, 6, 5, 4, 3, 2, 0, 9),
            modulus=23,
            values={"A": 1, "B": 2, "H": 8, "T": 0, "W": 0, "X": 0},
            gives="WABCDEFGHIJKLMNOPQRSTUV",
            at=2,
            length=9,
        ),
    ),
    field="national_id",
    is_strong=True,
    stdnum="ie.pps",
    headers=("pps", "ppsn", "pps number", "pps no", "personal public service number", *NATIONAL),
    belief=0.55,
    source="https://www.gov.ie/en/service/12e6de-get-a-personal-public-service-pps-number/",
    examples=("PPS 4120857T", "ppsn: 2841709RA"),
    not_examples=("PPS 4120857A",),
)
