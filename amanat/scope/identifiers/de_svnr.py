"""German pension-insurance number (Rentenversicherungsnummer): the office, the day of birth, a letter, two digits and a check digit."""

from amanat.scope.check_digits import Sum, rest
from amanat.scope.identifier import Identifier

# A letter counts as the two digits of its place in the alphabet, the first of them twice.
_LETTERS = {letter: (2 * (n // 10) + n % 10) % 10 for n, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1)}

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[0-8]\d{7}[A-Z]\d{3}",),
    groups=("12", "2-6-1-3", "8-1-3", "2-6-1-2-1"),
    separators=" -",
    sums=(Sum(weights=(2, 1, 2, 5, 7, 1, 2, 1, 1, 2, 1, 0), modulus=10, crosses=True, values=_LETTERS, gives=rest(10)),),
    days=("..DDMMYY....",),
    day_offsets=(0, 50),
    field="national_id",
    is_strong=True,
    headers=("rvnr", "rentenversicherungsnummer", "sozialversicherungsnummer", "sv nummer", "svnr", "versicherungsnummer"),
    belief=0.85,
    source="https://www.gesetze-im-internet.de/vkvv/",
    examples=("RVNR: 52140387K212", "17 180792 B 04 9"),
    not_examples=("RVNR: 52140387K210",),
)
