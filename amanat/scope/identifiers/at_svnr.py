"""Austrian social-security number (SV-Nummer): three digits, a check digit and the day of birth."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{9}",),
    groups=("10", "4-6", "4-2-2-2"),
    separators=" -/",
    sums=(Sum(weights=(3, 7, 9, 0, 5, 8, 4, 2, 1, 6), modulus=11, gives=rest(11), at=7),),
    days=("....DDMMYY",),
    month_offsets=(0, 1, 2, 3),
    field="national_id",
    is_strong=True,
    stdnum="at.vnr",
    headers=("svnr", "sv nummer", "sozialversicherungsnummer", "versicherungsnummer", "vsnr", *NATIONAL),
    belief=0.3,
    source="https://www.sozialversicherung.at/cdscontent/?contentid=10007.820902",
    examples=("SV-Nummer 4811 120370", "SVNR: 7309050892"),
    not_examples=("SV-Nummer 4811 120371", "4811 120370"),
)
