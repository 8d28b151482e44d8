"""Mauritian national identity number: a letter, the day of birth, six digits and a check character."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[A-Z]\d{12}[0-9A-G]",),
    groups=("14",),
    sums=(Sum(weights=(14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0), modulus=17, gives="0GFEDCBA987654321"),),
    days=(".DDMMYY.......",),
    field="national_id",
    is_strong=True,
    stdnum="mu.nid",
    headers=("nid", "national identity number", "mauritius id"),
    belief=0.9,
    source="https://mnis.govmu.org/",
    examples=("NID O1403870217546",),
    not_examples=("NID O1403870217540",),
)
