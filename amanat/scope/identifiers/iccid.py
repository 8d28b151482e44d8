"""Serial number of a SIM card (ICCID): 89, the country, the issuer and a check digit."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="device",
    patterns=(r"89\d{17}", r"89\d{18}"),
    groups=("19", "20", "4-4-4-4-3", "4-4-4-4-4"),
    separators=" -",
    check="luhn",
    headers=("iccid", "sim number", "sim serial"),
    belief=0.7,
    source="https://www.itu.int/rec/T-REC-E.118",
    examples=("ICCID 8933103140218709313",),
    not_examples=("ICCID 8933103140218709310",),
)
