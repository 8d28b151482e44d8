"""United States DEA number of a prescriber: two letters, six digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=(r"[A-HJ-MPRSTUX][A-Z9]\d{7}",),
    groups=("9",),
    sums=(Sum(weights=(0, 0, 1, 2, 1, 2, 1, 2, 0), modulus=10, gives=rest(10)),),
    headers=("dea", "dea number", "dea no", "dea registration", "certificate number"),
    belief=0.45,
    source="https://www.deadiversion.usdoj.gov/",
    examples=("DEA number BR3140213",),
    not_examples=("DEA number BR3140210", "BR3140213"),
)
