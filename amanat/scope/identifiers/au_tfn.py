"""Australian tax file number (TFN): nine digits whose weighted sum eleven divides."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{9}",),
    groups=("9", "3-3-3"),
    separators=" -",
    sums=(Sum(weights=(1, 4, 3, 7, 5, 8, 6, 9, 10), modulus=11),),
    field="national_id",
    is_strong=True,
    stdnum="au.tfn",
    headers=("tfn", "tax file number"),
    belief=0.0,
    source="https://www.ato.gov.au/individuals-and-families/tax-file-number",
    examples=("TFN 648 188 499", "tax file number: 812857620"),
    not_examples=("TFN 648 188 490", "648 188 499"),
)
