"""Slovenian tax number (davčna številka): seven digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"[1-9]\d{7}",),
    groups=("8",),
    sums=(Sum(weights=(8, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives="-" + less(11, "0")[1:]),),
    stdnum="si.ddv",
    headers=("davcna stevilka", "davcna"),
    belief=0.0,
    source="https://www.fu.gov.si/",
    examples=("davčna številka 31402186",),
    not_examples=("davčna številka 31402180", "31402186"),
)
