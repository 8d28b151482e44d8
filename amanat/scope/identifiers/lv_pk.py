"""Latvian personal code (personas kods): eleven digits, the last one a check."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[0-3]\d{10}",),
    groups=("11", "6-5"),
    separators="-",
    sums=(Sum(weights=(10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 0), modulus=11, plus=1, gives=rest(11, "0")),),
    field="national_id",
    is_strong=True,
    stdnum="lv.pvn",
    headers=("personas kods", "personas koda", *NATIONAL),
    # Since July 2017 the numbers begin with 32 and hold no day of birth.
    belief=0.3,
    source="https://www.pmlp.gov.lv/",
    examples=("personas kods 140387-12175", "personas kods: 320421-07356"),
    not_examples=("personas kods 140387-12170", "140387-12175"),
)
