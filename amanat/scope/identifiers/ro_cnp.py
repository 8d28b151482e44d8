"""Romanian personal number (CNP): sex and century, the day of birth, the county, three digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{12}",),
    groups=("13",),
    sums=(Sum(weights=(2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9, 0), modulus=11, gives=rest(11, "1")),),
    days=(".YYMMDD......",),
    field="national_id",
    is_strong=True,
    stdnum="ro.cnp",
    headers=("cnp", "cod numeric personal", *NATIONAL),
    belief=0.4,
    source="https://legislatie.just.ro/Public/DetaliiDocument/44023",
    examples=("CNP 2870314120211",),
    not_examples=("CNP 2870314120210", "2870314120211"),
)
