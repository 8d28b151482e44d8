"""Hong Kong identity card: one or two letters, six digits and a check digit or A."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[A-Z]\d{6}[0-9A]", r"[A-Z]{2}\d{6}[0-9A]"),
    groups=("8", "9", "7-1", "8-1"),
    separators=" -",
    sums=(
        Sum(weights=(8, 7, 6, 5, 4, 3, 2, 0), modulus=11, plus=324, gives=less(11, "A"), length=8),
        Sum(weights=(9, 8, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives=less(11, "A"), length=9),
    ),
    field="national_id",
    is_strong=True,
    headers=("hkid", "hk id", "hong kong id", "hong kong identity card", "身份證號碼"),
    belief=0.4,
    source="https://www.immd.gov.hk/",
    examples=("HKID K3140210", "hkid: WX8714035"),
    not_examples=("HKID K3140211", "K3140210"),
)
