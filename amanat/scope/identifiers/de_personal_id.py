"""German identity card number (Personalausweis): nine characters without vowels, perhaps with a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=("[FGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}", r"[FGHJKLMNPRTVWXYZ][0-9CFGHJKLMNPRTVWXYZ]{8}\d"),
    groups=("9", "10"),
    sums=(Sum(weights=(7, 3, 1, 7, 3, 1, 7, 3, 1, 0), modulus=10, gives=rest(10), length=10),),
    field="passport",
    is_strong=True,
    headers=("personalausweis", "personalausweisnummer", "ausweisnummer", "ausweis nr", "perso nr"),
    belief=0.0,
    belief_near=0.9,
    source="https://www.personalausweisportal.de/",
    examples=("Personalausweis L4VX7T20N", "Ausweisnummer L4VX7T20N8"),
    not_examples=("L4VX7T20N", "Personalausweis A4VX7T20N"),
)
