"""Belgian national number (rijksregisternummer): the day of birth, three digits and two check digits."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{9}0[1-9]", r"\d{9}[1-8]\d", r"\d{9}9[0-7]"),
    groups=("11", "2-2-2-3-2", "6-3-2", "6-5"),
    separators=" .-",
    sums=(
        Sum(weights=(81, 76, 27, 90, 9, 30, 3, 10, 1, 10, 1), modulus=97, or_next=True),
        Sum(weights=(81, 76, 27, 90, 9, 30, 3, 10, 1, 10, 1), modulus=97, plus=68),
    ),
    days=("YYMMDD.....",),
    month_offsets=(0, 20, 40),
    field="national_id",
    is_strong=True,
    stdnum="be.nn",
    headers=(
        "rijksregisternummer",
        "rijksregister",
        "nationaal nummer",
        "insz",
        "niss",
        "numero national",
        "numero de registre national",
        "registre national",
        "rrn",
        *NATIONAL,
    ),
    # Since 2000 a 2 stands in front of the nine digits when the check is made.
    belief=0.3,
    source="https://www.ibz.rrn.fgov.be/fr/registre-national/",
    examples=("rijksregisternummer 87.03.14-217.47", "NISS 920718 430 41"),
    not_examples=("rijksregisternummer 87.03.14-217.40", "87.03.14-217.47"),
)
