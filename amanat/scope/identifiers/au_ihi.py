"""Australian Individual Healthcare Identifier (IHI): sixteen digits that begin with 800360."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="medical_id",
    patterns=(r"800360\d{10}",),
    groups=("16", "4-4-4-4"),
    separators=" -",
    check="luhn",
    is_strong=True,
    headers=("ihi", "individual healthcare identifier"),
    belief=0.85,
    source="https://www.servicesaustralia.gov.au/individual-healthcare-identifiers",
    examples=("IHI 8003 6081 4402 9170",),
    not_examples=("IHI 8003 6081 4402 9171",),
)
