"""Argentinian tax number of a person (CUIT or CUIL): a type, the identity document and a check digit."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"2[0347]\d{9}",),
    groups=("11", "2-8-1"),
    separators="- ",
    sums=(Sum(weights=(5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives="09987654321"),),
    field="national_id",
    is_strong=True,
    stdnum="ar.cuit",
    headers=("cuil", "cuit", "numero de cuil"),
    belief=0.3,
    source="https://www.afip.gob.ar/landing/default.asp",
    examples=("CUIL 20-31402118-6", "cuit: 27314021180"),
    not_examples=("CUIL 20-31402118-0", "20-31402118-6"),
)
