"""Greek tax number (ΑΦΜ): eight digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"\d{9}",),
    groups=("9",),
    sums=(Sum(weights=(256, 128, 64, 32, 16, 8, 4, 2, 0), modulus=11, gives=rest(11, "0")),),
    stdnum="gr.vat",
    headers=("afm", "αφμ"),
    belief=0.0,
    source="https://www.aade.gr/",
    examples=("ΑΦΜ 140387027",),
    not_examples=("ΑΦΜ 140387020", "140387027"),
)
