"""Sri Lankan identity card: nine digits with V or X, or twelve digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{9}[VX]", r"[12]\d{11}"),
    groups=("10", "12", "9-1"),
    separators=" ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("nic", "nic no", "nic number", "national identity card"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://drp.gov.lk/",
    examples=("NIC 873142175V", "NIC number 198731402175"),
    not_examples=("198731402175", "NIC 87314"),
)
