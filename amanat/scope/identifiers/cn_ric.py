"""Chinese resident identity card number: six digits for the place, the day of birth, three digits and a check digit or X."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{16}[0-9X]",),
    groups=("18", "6-8-4"),
    separators=" -",
    sums=(Sum(weights=(7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 0), modulus=11, gives="10X98765432"),),
    days=("......YYYYMMDD....",),
    field="national_id",
    is_strong=True,
    stdnum="cn.ric",
    headers=("resident identity", "identity card number", "身份证", "身份证号", "身份證", *NATIONAL),
    belief=0.85,
    source="https://openstd.samr.gov.cn/ (GB 11643-1999)",
    examples=("身份证号 110105198703142275", "330106199211051483"),
    not_examples=("身份证号 110105198703142270",),
)
