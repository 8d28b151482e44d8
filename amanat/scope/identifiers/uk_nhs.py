"""National Health Service number of England, Wales and the Isle of Man: nine digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="medical_id",
    patterns=(r"\d{10}",),
    groups=("10", "3-3-4"),
    separators=" -",
    sums=(Sum(weights=(10, 9, 8, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives=less(11)),),
    field="national_id",
    is_strong=True,
    stdnum="gb.nhs",
    headers=("nhs", "nhs number", "nhs no", "chi number"),
    belief=0.3,
    source="https://www.datadictionary.nhs.uk/attributes/nhs_number.html",
    examples=("NHS number 401 729 3859", "nhs no 7128304460"),
    not_examples=("NHS number 401 729 3850", "401 729 3859"),
)
