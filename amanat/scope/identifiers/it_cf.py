"""Italian tax code of a person (codice fiscale): letters of the name, the day and place of birth and a check letter."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

_VALUES = {letter: n for n, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_ODD = dict(
    zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23), strict=True)
)
_ODD |= {str(n): _ODD[letter] for n, letter in enumerate("ABCDEFGHIJ")}

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=("[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]",),
    groups=("16", "3-3-5-5"),
    separators=" -",
    sums=(Sum(weights=(1,) * 15 + (0,), modulus=26, values=_VALUES, odd_values=_ODD, gives="ABCDEFGHIJKLMNOPQRSTUVWXYZ"),),
    field="national_id",
    is_strong=True,
    stdnum="it.codicefiscale",
    headers=("codice fiscale", "cod fiscale", "cod fisc", "codfisc", "tax code", *NATIONAL),
    belief=0.97,
    source="https://www.agenziaentrate.gov.it/portale/web/guest/codice-fiscale",
    examples=("RMNSRA87C54F205E", "codice fiscale BRNCRL92L18H501V"),
    not_examples=("RMNSRA87C54F205A",),
)
