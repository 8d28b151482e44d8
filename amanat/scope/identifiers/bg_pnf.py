"""Bulgarian number of a foreigner (ЛНЧ): nine digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{10}",),
    groups=("10",),
    sums=(Sum(weights=(21, 19, 17, 13, 11, 9, 7, 3, 1, 0), modulus=10, gives=rest(10)),),
    field="national_id",
    is_strong=True,
    stdnum="bg.pnf",
    headers=("lnch", "лнч", "личен номер на чужденец"),
    belief=0.2,
    source="https://www.mvr.bg/",
    examples=("ЛНЧ 1003478210",),
    not_examples=("ЛНЧ 1003478211", "1003478210"),
)
