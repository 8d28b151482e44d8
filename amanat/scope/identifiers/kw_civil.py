"""Kuwaiti civil number: the century, the day of birth, four digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[23]\d{11}",),
    groups=("12",),
    sums=(Sum(weights=(2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 0), modulus=11, gives=less(11)),),
    days=(".YYMMDD.....",),
    field="national_id",
    is_strong=True,
    headers=("civil id", "civil number", "الرقم المدني", "البطاقة المدنية", *NATIONAL),
    belief=0.3,
    source="https://www.paci.gov.kw/",
    examples=("الرقم المدني 287031402177",),
    not_examples=("الرقم المدني 287031402170", "287031402177"),
)
