"""French bank details (RIB): bank, branch, account and two check digits."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

# Letters count 1 to 9, three times over the alphabet, beginning again with J and with S as 2.
_VALUES = {letter: int("12345678912345678923456789"[n]) for n, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}

IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    patterns=(r"\d{10}[0-9A-Z]{11}\d{2}",),
    groups=("23", "5-5-11-2"),
    separators=" -",
    sums=(Sum(weights=tuple(pow(10, place, 97) for place in range(22, -1, -1)), modulus=97, values=_VALUES),),
    field="iban",
    is_strong=True,
    headers=("rib", "releve d identite bancaire"),
    belief=0.8,
    source="https://www.cfonb.org/",
    examples=("RIB 20041 01005 0314021870R 19",),
    not_examples=("RIB 20041 01005 0314021870R 10",),
)
