"""Thai personal number: the sort of person, the province, nine digits and a check digit."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-8][134]\d{11}", r"[1-8][267][0-7]\d{10}", r"[1-8]5[0-8]\d{10}", r"[1-8][89][0-6]\d{10}"),
    groups=("13", "1-4-5-2-1"),
    separators="- ",
    sums=(Sum(weights=(13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives="10987654321"),),
    field="national_id",
    is_strong=True,
    stdnum="th.pin",
    headers=("thai id", "tnin", "thai national id", "บัตรประชาชน", "เลขประจำตัวประชาชน", "citizen id", *NATIONAL),
    belief=0.3,
    source="https://www.bora.dopa.go.th/",
    examples=("Thai ID 1-1014-03872-17-9", "เลขประจำตัวประชาชน 3101402187096"),
    not_examples=("Thai ID 1-1014-03872-17-0", "1-1014-03872-17-9"),
)
