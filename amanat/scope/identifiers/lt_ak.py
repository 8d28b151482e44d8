"""Lithuanian personal code (asmens kodas): sex and century, the day of birth, three digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-6]\d{10}",),
    groups=("11",),
    sums=(
        Sum(weights=(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 0), modulus=11, gives=rest(11, ">")),
        Sum(weights=(3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 0), modulus=11, gives=rest(11, "0")),
    ),
    days=(".YYMMDD....",),
    field="national_id",
    is_strong=True,
    stdnum="lt.asmens",
    headers=("asmens kodas", "asmens kodo", "ak kodas", "personal code", *NATIONAL),
    belief=0.3,
    source="https://e-seimas.lrs.lt/portal/legalAct/lt/TAD/TAIS.5729",
    examples=("asmens kodas 38703142094",),
    not_examples=("asmens kodas 38703142090", "38703142094"),
)
