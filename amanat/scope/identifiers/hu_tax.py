"""Hungarian tax number of a person (adóazonosító jel): 8, eight digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"8\d{9}",),
    groups=("10",),
    sums=(Sum(weights=(1, 2, 3, 4, 5, 6, 7, 8, 9, 0), modulus=11, gives=rest(11)),),
    headers=("adoazonosito", "adoazonosito jel", "ado azonosito"),
    belief=0.3,
    source="https://nav.gov.hu/",
    examples=("adóazonosító jel 8402147518",),
    not_examples=("adóazonosító jel 8402147510", "8402147518"),
)
