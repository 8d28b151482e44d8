"""British Columbian personal health number (PHN): ten digits that begin with 9."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="health_insurance",
    patterns=(r"9\d{9}",),
    groups=("10", "4-3-3"),
    separators=" -",
    sums=(Sum(weights=(0, 2, 4, 8, 5, 10, 9, 7, 3, 0), modulus=11, gives=less(11)),),
    is_strong=True,
    stdnum="ca.bc_phn",
    headers=("phn", "bc phn", "personal health number", "care card"),
    belief=0.3,
    source="https://www2.gov.bc.ca/gov/content/health/health-drug-coverage/msp/bc-residents/personal-health-identification",
    examples=("PHN 9461 532 086",),
    not_examples=("PHN 9461 532 080", "9461 532 086"),
)
