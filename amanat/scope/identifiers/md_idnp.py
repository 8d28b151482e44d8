"""Moldovan personal number (IDNP): 2, eleven digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"2\d{12}",),
    groups=("13",),
    sums=(Sum(weights=(7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 0), modulus=10, gives=rest(10)),),
    field="national_id",
    is_strong=True,
    stdnum="md.idno",
    headers=("idnp", "cod personal", *NATIONAL),
    belief=0.2,
    source="https://asp.gov.md/",
    examples=("IDNP 2003140217503",),
    not_examples=("IDNP 2003140217500", "2003140217503"),
)
