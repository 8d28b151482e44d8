"""German health-insurance number (Krankenversichertennummer): a letter, eight digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

# A letter counts as the two digits of its place in the alphabet, the second of them twice.
_LETTERS = {letter: (n // 10 + (2 * (n % 10)) % 10 + (2 * (n % 10)) // 10) % 10 for n, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1)}

IDENTIFIER = Identifier(
    kind="health_insurance",
    patterns=(r"[A-Z]\d{9}",),
    groups=("10",),
    sums=(Sum(weights=(1, 1, 2, 1, 2, 1, 2, 1, 2, 0), modulus=10, crosses=True, values=_LETTERS, gives=rest(10)),),
    is_strong=True,
    only_capitals=True,  # in small letters it looks like the hash of a commit
    headers=("kvnr", "krankenversichertennummer", "krankenversicherungsnummer", "versichertennummer", "egk nummer", "health insurance number"),
    belief=0.6,
    source="https://www.gkv-datenaustausch.de/kvnr/",
    examples=("eGK-Nummer R481203570", "KVNR H204198734"),
    not_examples=("eGK-Nummer R481203571",),
)
