"""Taiwanese identity number: a letter for the place, a digit for the sex, seven digits and a check digit."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

# A letter stands for two digits, of which the second counts nine times.
_CODES = dict(zip("ABCDEFGHJKLMNPQRSTUVXYWZIO", range(10, 36), strict=True))
_VALUES = {letter: (code // 10 + 9 * (code % 10)) % 10 for letter, code in _CODES.items()}

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[A-Z][1289]\d{8}",),
    groups=("10",),
    sums=(Sum(weights=(1, 8, 7, 6, 5, 4, 3, 2, 1, 1), modulus=10, values=_VALUES),),
    field="national_id",
    is_strong=True,
    only_capitals=True,  # in small letters it looks like the hash of a commit
    headers=("身分證", "身分證字號", "taiwan id", "roc id", "統一證號", *NATIONAL),
    belief=0.6,
    source="https://www.ris.gov.tw/",
    examples=("身分證字號 A214031874", "K187920410"),
    not_examples=("身分證字號 A214031870",),
)
