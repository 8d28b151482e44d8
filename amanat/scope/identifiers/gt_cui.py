"""Guatemalan personal number (CUI) of the DPI: eight digits, a check digit and the town."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{12}",),
    groups=("13", "4-5-4"),
    separators=" -",
    sums=(Sum(weights=(2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0), modulus=11, gives=rest(11), at=5),),
    field="national_id",
    is_strong=True,
    headers=("dpi", "cui", "codigo unico de identificacion"),
    belief=0.3,
    source="https://www.renap.gob.gt/",
    examples=("DPI 2071 48368 0101",),
    not_examples=("DPI 2071 48360 0101", "2071 48368 0101"),
)
