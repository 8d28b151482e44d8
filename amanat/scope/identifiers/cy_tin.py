"""Cypriot tax number: eight digits and a check letter."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"[013459]\d{7}[A-Z]",),
    groups=("9", "8-1"),
    separators="-",
    sums=(
        Sum(
            weights=(1, 1, 1, 1, 1, 1, 1, 1, 0),
            modulus=26,
            odd_values={"0": 1, "1": 0, "2": 5, "3": 7, "4": 9, "5": 13, "6": 15, "7": 17, "8": 19, "9": 21},
            gives="ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        ),
    ),
    stdnum="cy.vat",
    headers=("tic", "cyprus tax number", "afm"),
    belief=0.55,
    source="https://www.mof.gov.cy/mof/tax/taxdep.nsf/",
    examples=("Cyprus tax number 00471382P",),
    not_examples=("Cyprus tax number 00471382A",),
)
