"""Iranian national number (کد ملی): ten digits, the last one a check."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{10}",),
    groups=("10", "3-6-1"),
    separators="- ",
    sums=(Sum(weights=(10, 9, 8, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives="01987654321"),),
    field="national_id",
    is_strong=True,
    headers=(
        "kod melli",
        "code melli",
        "kode melli",
        "national code",
        "national id",
        "national number",
        "melli",
        "کد ملی",
        "کدملی",
        "شماره ملی",
        "id number",
    ),
    words=("کد ملی", "کدملی", "شماره ملی", "kod melli", "code melli", "national code"),
    # One number of ten digits in eleven passes the check.
    belief=0.3,
    source="https://fa.wikipedia.org/wiki/کد_ملی",
    examples=("کد ملی: ۰۴۹۹۳۷۰۸۹۹", "kod melli 0499370899", "national code: 049-937089-9"),
    not_examples=("کد ملی: ۰۴۹۹۳۷۰۸۹۸", "0499370899", "کد ملی ۱۱۱۱۱۱۱۱۱۱"),
)
