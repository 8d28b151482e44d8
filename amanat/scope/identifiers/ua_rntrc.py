"""Ukrainian tax number of a person (РНОКПП, ІПН): nine digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"\d{10}",),
    groups=("10",),
    sums=(Sum(weights=(-1, 5, 7, 9, 4, 6, 10, 5, 7, 0), modulus=11, gives=rest(11, "0")),),
    field="national_id",
    is_strong=True,
    stdnum="ua.rntrc",
    headers=("rnokpp", "ipn", "рнокпп", "іпн", "ідентифікаційний код", *NATIONAL),
    belief=0.2,
    source="https://tax.gov.ua/",
    examples=("ІПН 3140218705",),
    not_examples=("ІПН 3140218700", "3140218705"),
)
