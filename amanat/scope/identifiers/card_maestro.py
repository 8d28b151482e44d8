"""Payment card number of Maestro, and of JCB before 2000, by their ranges and the Luhn digit."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="card_number_alone",
    # 12 to 19 digits: one digit in ten passes the Luhn check by chance, so a header or word is needed.
    patterns=(
        r"1800\d{11}",
        r"2131\d{11}",
        *(
            rf"{first}\d{{{n - len(first)}}}"
            for first in ("5018", "5020", "5038", "5893", "6304", "6390", "6759", "6761", "6762", "6763")
            for n in (12, 13, 14, 15, 17, 18, 19)
        ),
    ),
    separators=" -.",
    check="luhn",
    field="card",
    is_strong=True,
    headers=("maestro", "maestro card", "ec karte", "girocard"),
    words=("card", "credit card", "debit card", "maestro", "jcb", "carte", "karte", "tarjeta", "cartão", "cc", "کارت"),
    belief=0.3,
    belief_near=0.85,
    source="https://www.iso.org/standard/70484.html; ranges as the networks publish them",
    examples=("card number 5018 0000 0009", "my card 213100000000001", "carte 1800 0000 0000 002"),
    not_examples=("5018 0000 0009", "card 5018 0000 0008", "order 213100000000001"),
)
