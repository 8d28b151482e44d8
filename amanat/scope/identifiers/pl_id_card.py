"""Polish identity card (dowód osobisty): three letters and six digits, the first of which is a check."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=(r"[A-Z]{3}\d{6}",),
    groups=("9", "3-6"),
    separators=" ",
    sums=(Sum(weights=(7, 3, 1, 9, 7, 3, 1, 7, 3), modulus=10),),
    field="passport",
    is_strong=True,
    headers=("dowod osobisty", "numer dowodu", "seria i numer dowodu", "nr dowodu"),
    belief=0.4,
    source="https://www.gov.pl/web/gov/uzyskaj-dowod-osobisty",
    examples=("dowód osobisty CAR 240218",),
    not_examples=("dowód osobisty CAR 240210", "CAR 240218"),
)
