"""Dutch citizen service number (BSN): nine digits that pass the eleven test."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{9}",),
    groups=("9", "4-2-3", "3-3-3"),
    separators=" .",
    sums=(Sum(weights=(9, 8, 7, 6, 5, 4, 3, 2, -1), modulus=11),),
    field="national_id",
    is_strong=True,
    stdnum="nl.bsn",
    headers=("bsn", "burgerservicenummer", "sofinummer", "sofi nummer", *NATIONAL),
    belief=0.0,
    source="https://www.rvig.nl/bsn",
    examples=("BSN 314021875", "burgerservicenummer: 1807.92.441"),
    not_examples=("BSN 314021870", "314021875"),
)
