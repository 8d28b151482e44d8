"""Ethereum address: 0x and forty hexadecimal digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    form="literal",
    literals=(("0x", 40, 40),),
    alphabet=r"0-9A-Fa-f",
    belief=0.95,
    source="https://eips.ethereum.org/EIPS/eip-55",
    examples=("0x3A4e2187c09314021870931402187B0931402187",),
    not_examples=("0x3A4e2187", "0x3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a3a"),
)
