"""Slovenian citizen number (EMŠO): the day of birth, 50, three digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{7}5\d{5}",),
    groups=("13",),
    sums=(Sum(weights=(7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives=less(11, "0")),),
    days=("DDMMYYY......",),
    field="national_id",
    is_strong=True,
    stdnum="si.emso",
    headers=("emso", "enotna maticna stevilka", *NATIONAL),
    belief=0.4,
    source="https://www.gov.si/teme/enotna-maticna-stevilka-obcana-emso/",
    examples=("EMŠO 1403987502178",),
    not_examples=("EMŠO 1403987502170", "1403987502178"),
)
