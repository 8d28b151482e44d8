"""Finnish personal identity code (henkilötunnus): the day of birth, a sign for the century, three digits and a check character."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{9}[0-9A-FHJ-NPR-Y]", r"\d{6}[A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]"),
    groups=("6-4", "11"),
    separators="-",
    sums=(
        Sum(weights=(14, 20, 2, 25, 18, 8, 7, 10, 1, 0), modulus=31, gives="0123456789ABCDEFHJKLMNPRSTUVWXY", length=10),
        Sum(weights=(14, 20, 2, 25, 18, 8, 0, 7, 10, 1, 0), modulus=31, gives="0123456789ABCDEFHJKLMNPRSTUVWXY", length=11),
    ),
    days=("DDMMYY....", "DDMMYY....."),
    field="national_id",
    is_strong=True,
    stdnum="fi.hetu",
    headers=("hetu", "henkilotunnus", "sotu", "henkilotunnuksen", *NATIONAL),
    belief=0.85,
    source="https://dvv.fi/en/personal-identity-code",
    examples=("140387-217W", "HETU 180704A2135"),
    not_examples=("140387-217A",),
)
