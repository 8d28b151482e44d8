"""United States provider number (NPI): 1 or 2, eight digits and a check digit."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=(r"[12]\d{9}",),
    groups=("10", "4-3-3"),
    separators=" -",
    sums=(Sum(weights=(2, 1, 2, 1, 2, 1, 2, 1, 2, 1), modulus=10, plus=24, crosses=True),),
    headers=("npi", "npi number", "provider identifier", "national provider identifier"),
    # The prefix 80840, which nobody writes, adds 24.
    belief=0.0,
    source="https://www.cms.gov/regulations-and-guidance/administrative-simplification/nationalprovidentstand",
    examples=("NPI 1314021878",),
    not_examples=("NPI 1314021870", "1314021878"),
)
