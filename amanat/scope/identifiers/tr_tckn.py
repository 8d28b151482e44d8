"""Turkish identity number (T.C. kimlik no): nine digits and two check digits."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{10}",),
    groups=("11",),
    sums=(
        Sum(weights=(7, -1, 7, -1, 7, -1, 7, -1, 7, 0, 0), modulus=10, gives=rest(10), at=2),
        Sum(weights=(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0), modulus=10, gives=rest(10)),
    ),
    field="national_id",
    is_strong=True,
    stdnum="tr.tckimlik",
    headers=("tckn", "tc kimlik", "tc kimlik no", "kimlik no", "kimlik numarasi", "tckimlik", *NATIONAL),
    belief=0.45,
    source="https://www.nvi.gov.tr/",
    examples=("T.C. Kimlik No: 31402187006", "TCKN 28740319688"),
    not_examples=("T.C. Kimlik No: 31402187000", "31402187006"),
)
