"""German identity card number (Personalausweis): nine characters, the last a check; vowels are not used."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=(r"[LMNPRTVWXYZFGHJK][0-9CFGHJKLMNPRTVWXYZ]{7}\d",),
    groups=("9", "9-1"),
    separators=" ",
    sums=(Sum(weights=(7, 3, 1, 7, 3, 1, 7, 3, 0), modulus=10, gives=rest(10)),),
    field="passport",
    is_strong=True,
    headers=("personalausweis", "personalausweisnummer", "ausweisnummer", "ausweis nr", "perso nr"),
    belief=0.45,
    belief_near=0.95,
    source="https://www.personalausweisportal.de/",
    examples=("Personalausweis L4VX7T205",),
    not_examples=("Personalausweis L4VX7T200", "L4VX7T205"),
)
