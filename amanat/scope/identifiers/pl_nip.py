"""Polish tax number (NIP): nine digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"[1-9]\d{9}",),
    groups=("10", "3-3-2-2", "3-2-2-3"),
    separators="- ",
    sums=(Sum(weights=(6, 5, 7, 2, 3, 4, 5, 6, 7, 0), modulus=11, gives=rest(11)),),
    stdnum="pl.nip",
    headers=("nip", "numer nip"),
    belief=0.3,
    source="https://www.podatki.gov.pl/",
    examples=("NIP 314-021-87-00",),
    not_examples=("NIP 314-021-87-01", "314-021-87-00"),
)
