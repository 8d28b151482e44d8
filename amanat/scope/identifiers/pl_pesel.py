"""Polish personal number (PESEL): the day of birth, four digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{11}",),
    groups=("11",),
    sums=(Sum(weights=(1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 0), modulus=10, gives=less(10, "0")),),
    days=("YYMMDD.....",),
    month_offsets=(0, 20, 40, 60, 80),
    field="national_id",
    is_strong=True,
    stdnum="pl.pesel",
    headers=("pesel", "numer pesel", "nr pesel", *NATIONAL),
    belief=0.3,
    source="https://www.gov.pl/web/gov/czym-jest-numer-pesel",
    examples=("PESEL 87031402171", "numer PESEL: 04271830456"),
    not_examples=("PESEL 87031402170", "87031402171"),
)
