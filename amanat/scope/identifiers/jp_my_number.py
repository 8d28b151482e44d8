"""Japanese individual number (My Number, 個人番号): eleven digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{12}",),
    groups=("12", "4-4-4"),
    separators=" -",
    sums=(Sum(weights=(6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives=less(11, "0")),),
    field="national_id",
    is_strong=True,
    stdnum="jp.in_",
    headers=("my number", "mynumber", "個人番号", "マイナンバー", "individual number", *NATIONAL),
    belief=0.3,
    source="https://www.digital.go.jp/policies/mynumber",
    examples=("マイナンバー 3140 2187 0921", "My Number 728417093145"),
    not_examples=("マイナンバー 3140 2187 0920", "3140 2187 0921"),
)
