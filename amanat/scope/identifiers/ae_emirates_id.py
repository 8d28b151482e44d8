"""Emirates identity card: 784, the year of birth, seven digits and a check digit."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"784[12]\d{11}",),
    groups=("15", "3-4-7-1"),
    separators="- ",
    check="luhn",
    field="national_id",
    is_strong=True,
    headers=("emirates id", "eid number", "رقم الهوية الإماراتية", "uae id"),
    belief=0.9,
    belief_bare=0.7,
    source="https://icp.gov.ae/",
    examples=("784-1987-3140218-0", "Emirates ID 784199207184302"),
    not_examples=("784-1987-3140218-1",),
)
