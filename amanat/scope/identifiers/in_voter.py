"""Indian voter number (EPIC): three letters, six digits and a check digit."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=(r"[A-Z]{3}\d{7}",),
    groups=("10", "3-7"),
    separators=" ",
    sums=(Sum(weights=(1, 2, 1, 2, 1, 2, 1), modulus=10, crosses=True),),
    field="national_id",
    is_strong=True,
    stdnum="in_.epic",
    headers=("epic", "voter id", "voter card", "election card", "epic number"),
    belief=0.45,
    source="https://www.eci.gov.in/",
    examples=("EPIC ARK4120853",),
    not_examples=("EPIC ARK4120850", "ARK4120853"),
)
