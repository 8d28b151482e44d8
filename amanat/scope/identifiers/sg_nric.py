"""Singaporean identity number (NRIC or FIN): a letter, seven digits and a check letter."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[STFGM]\d{7}[A-Z]",),
    groups=("9",),
    sums=(
        Sum(weights=(1, 2, 7, 6, 5, 4, 3, 2, 0), modulus=11, values={"S": 0, "T": 4}, starts="ST", gives="JZIHGFEDCBA"),
        Sum(weights=(1, 2, 7, 6, 5, 4, 3, 2, 0), modulus=11, values={"F": 0, "G": 4}, starts="FG", gives="XWUTRQPNMLK"),
        Sum(weights=(1, 2, 7, 6, 5, 4, 3, 2, 0), modulus=11, values={"M": 3}, starts="M", gives="XWUTRQPNJLK"),
    ),
    field="national_id",
    is_strong=True,
    headers=("nric", "fin", "nric no", "nric fin", *NATIONAL),
    belief=0.85,
    source="https://www.ica.gov.sg/",
    examples=("S8731402B", "NRIC: T0492071B", "FIN G3140218U"),
    not_examples=("S8731402A",),
)
