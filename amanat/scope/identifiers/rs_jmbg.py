"""Citizen number (JMBG) of Serbia, Bosnia, Montenegro and North Macedonia: the day of birth, the region, three digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{7}[0-46-9]\d{5}",),
    groups=("13",),
    sums=(Sum(weights=(7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives=less(11, "0")),),
    days=("DDMMYYY......",),
    field="national_id",
    is_strong=True,
    stdnum="si.emso",
    headers=("jmbg", "maticni broj", "embg", "јмбг", "матични број", "ембг", *NATIONAL),
    belief=0.4,
    source="https://www.pravno-informacioni-sistem.rs/",
    examples=("JMBG 1403987712172", "ЈМБГ 1807992704300"),
    not_examples=("JMBG 1403987712170", "1403987712172"),
)
