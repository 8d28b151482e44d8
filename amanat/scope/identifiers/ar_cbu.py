"""Argentinian bank account number (CBU): the bank and branch, the account, each with a check digit."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    patterns=(r"\d{22}",),
    groups=("22", "8-14"),
    separators=" -",
    sums=(
        Sum(weights=(7, 1, 3, 9, 7, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), modulus=10),
        Sum(weights=(3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3, 1), modulus=10),
    ),
    field="iban",
    is_strong=True,
    stdnum="ar.cbu",
    headers=("cbu", "clave bancaria uniforme"),
    belief=0.8,
    source="https://www.bcra.gob.ar/",
    examples=("CBU 07203143 02187093140216",),
    not_examples=("CBU 07203143 02187093140210",),
)
