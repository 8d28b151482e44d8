"""Norwegian birth number (fødselsnummer) or D number: the day of birth, three digits and two check digits."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[0-7]\d{10}",),
    groups=("11", "6-5"),
    separators=" ",
    sums=(
        Sum(weights=(3, 7, 6, 1, 8, 9, 4, 5, 2, 0, 0), modulus=11, gives=less(11), at=2),
        Sum(weights=(5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives=less(11)),
    ),
    days=("DDMMYY.....",),
    month_offsets=(0, 40, 65, 80),
    day_offsets=(0, 40),
    field="national_id",
    is_strong=True,
    stdnum="no.fodselsnummer",
    headers=("fodselsnummer", "personnummer", "fnr", "d nummer", "fodselsnr", *NATIONAL),
    belief=0.45,
    source="https://www.skatteetaten.no/en/person/national-registry/birth-and-name-selection/children-born-in-norway/national-id-number/",
    examples=("fødselsnummer 14038721020", "fnr: 180792 43007"),
    not_examples=("fødselsnummer 14038721021", "14038721020"),
)
