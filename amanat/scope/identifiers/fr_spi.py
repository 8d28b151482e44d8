"""French tax number of a person (numéro fiscal, SPI): thirteen digits, the last three a check."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"[0-3]\d{9}[0-4]\d{2}", r"[0-3]\d{9}50\d", r"[0-3]\d{9}510"),
    groups=("13", "2-2-3-3-3", "1-12"),
    separators=" ",
    sums=(Sum(weights=(*(pow(10, place, 511) for place in range(9, -1, -1)), -100, -10, -1), modulus=511),),
    stdnum="fr.nif",
    headers=("numero fiscal", "spi", "numero fiscal de reference", "nif fiscal"),
    belief=0.3,
    belief_near=0.95,
    source="https://www.impots.gouv.fr/",
    examples=("numéro fiscal 20 87 314 021 128",),
    not_examples=("numéro fiscal 20 87 314 021 120", "20 87 314 021 128"),
)
