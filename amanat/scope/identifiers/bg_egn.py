"""Bulgarian citizen number (ЕГН): the day of birth, three digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{10}",),
    groups=("10",),
    sums=(Sum(weights=(2, 4, 8, 5, 10, 9, 7, 3, 6, 0), modulus=11, gives=rest(11, "0")),),
    days=("YYMMDD....",),
    month_offsets=(0, 20, 40),
    field="national_id",
    is_strong=True,
    stdnum="bg.egn",
    headers=("egn", "егн", "единен граждански номер", *NATIONAL),
    belief=0.3,
    source="https://www.grao.bg/esgraon.html",
    examples=("ЕГН 7549072188", "EGN: 8542032190"),
    not_examples=("ЕГН 7549072180", "7549072188"),
)
