"""German physician number (LANR): six digits, a check digit and two digits of the speciality."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=(r"\d{9}",),
    groups=("9", "7-2"),
    separators=" /",
    sums=(Sum(weights=(4, 9, 4, 9, 4, 9, 0, 0, 0), modulus=10, gives=less(10, "0"), at=3),),
    headers=("lanr", "arztnummer", "lebenslange arztnummer"),
    belief=0.0,
    source="https://www.kbv.de/html/arztnummern.php",
    examples=("Arztnummer 481203303",),
    not_examples=("Arztnummer 481203003", "481203303"),
)
