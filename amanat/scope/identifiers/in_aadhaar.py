"""Indian Aadhaar number: twelve digits, the last one a check."""

from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[2-9]\d{11}",),
    groups=("12", "4-4-4"),
    separators=" -",
    check="verhoeff",
    field="national_id",
    is_strong=True,
    stdnum="in_.aadhaar",
    headers=("aadhaar", "aadhar", "aadhaar number", "uidai", "uid number", "आधार", *NATIONAL),
    belief=0.45,
    belief_bare=0.3,
    source="https://uidai.gov.in/",
    examples=("Aadhaar 4120 8570 3145", "aadhar no 728417093140"),
    not_examples=("Aadhaar 4120 8570 3140", "4120 8570 3145"),
)
