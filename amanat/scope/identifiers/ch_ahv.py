"""Swiss social-insurance number (AHV, AVS): 756, nine digits and a check digit."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"756\d{10}",),
    groups=("13", "3-4-4-2"),
    separators=" .",
    sums=(Sum(weights=(1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1), modulus=10),),
    field="national_id",
    is_strong=True,
    stdnum="ch.ssn",
    headers=("ahv", "ahv nummer", "ahvn13", "avs", "numero avs", "sozialversicherungsnummer", "nss", "navs13", *NATIONAL),
    belief=0.85,
    belief_bare=0.6,
    source="https://www.bsv.admin.ch/bsv/en/home/social-insurance/ahv.html",
    examples=("AHV 756.4139.0726.88", "756.1204.7789.33"),
    not_examples=("AHV 756.4139.0726.80",),
)
