"""Danish personal number (CPR): the day of birth and four digits. Its old check digit is no longer kept."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[0-3]\d{9}",),
    groups=("10", "6-4"),
    separators="- ",
    days=("DDMMYY....",),
    field="national_id",
    is_strong=True,
    stdnum="dk.cpr",
    headers=("cpr", "cpr nummer", "cpr nr", "personnummer"),
    belief=0.0,
    belief_near=0.9,
    belief_headed=0.97,
    source="https://cpr.dk/cpr-systemet/opbygning-af-cpr-nummeret",
    examples=("CPR 140387-2175", "cpr nr 1807924303"),
    not_examples=("CPR 149387-2175", "1403872175"),
)
