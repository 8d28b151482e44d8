"""Austrian tax number (Abgabenkontonummer): nine digits, the last one a check."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"\d{9}",),
    groups=("9", "2-3-4", "2-7"),
    separators=" -/",
    sums=(Sum(weights=(1, 2, 1, 2, 1, 2, 1, 2, 0), modulus=10, crosses=True, gives=less(10, "0")),),
    stdnum="at.tin",
    headers=("abgabenkontonummer", "steuernummer", "abgabenkonto"),
    belief=0.0,
    source="https://www.bmf.gv.at/",
    examples=("Steuernummer 46-270/3919",),
    not_examples=("Steuernummer 46-270/3910", "46-270/3919"),
)
