"""Saudi national identity or residence number (iqama): 1 or 2, eight digits and a check digit."""

from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[12]\d{9}",),
    groups=("10",),
    check="luhn",
    field="national_id",
    is_strong=True,
    headers=("iqama", "iqama number", "رقم الهوية", "رقم الهوية الوطنية", "رقم الإقامة", "saudi id", *NATIONAL),
    belief=0.2,
    source="https://www.absher.sa/",
    examples=("iqama 2314021870", "رقم الهوية 1087031421"),
    not_examples=("iqama 2314021871", "2314021870"),
)
