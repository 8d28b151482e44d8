"""Swedish personal number (personnummer): the day of birth, three digits and a check digit."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{10}", r"19\d{10}", r"20\d{10}"),
    groups=("10", "12", "6-4", "8-4"),
    separators="-",
    sums=(Sum(weights=(2, 1, 2, 1, 2, 1, 2, 1, 2, 1), modulus=10, crosses=True),),
    days=("YYMMDD....", "YYYYMMDD...."),
    day_offsets=(0, 60),
    field="national_id",
    is_strong=True,
    stdnum="se.personnummer",
    headers=("personnummer", "personnr", "samordningsnummer", "pnr", *NATIONAL),
    belief=0.6,
    belief_bare=0.3,
    source="https://www.skatteverket.se/privat/folkbokforing/personnummer.4.3810a01c150939e893f18c29.html",
    examples=("870314-2177", "personnummer 199207184301"),
    not_examples=("870314-2170",),
)
