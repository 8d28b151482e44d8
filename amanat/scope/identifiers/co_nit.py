"""Colombian tax number (NIT), which is the identity card number with a check digit."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{9}", r"1\d{10}"),
    groups=("9-1", "3-3-3-1", "10-1", "1-3-3-3-1"),
    separators=".-",
    sums=(
        Sum(weights=(41, 37, 29, 23, 19, 17, 13, 7, 3, 0), modulus=11, gives="01987654321", length=10),
        Sum(weights=(43, 41, 37, 29, 23, 19, 17, 13, 7, 3, 0), modulus=11, gives="01987654321", length=11),
    ),
    field="national_id",
    is_strong=True,
    stdnum="co.nit",
    headers=("nit", "numero de identificacion tributaria"),
    belief=0.3,
    source="https://www.dian.gov.co/",
    examples=("NIT 1.047.381.296-9", "NIT 419.382.075-0"),
    not_examples=("NIT 1.047.381.296-0", "1.047.381.296-9"),
)
