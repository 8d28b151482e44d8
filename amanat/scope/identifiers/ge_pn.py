"""Georgian personal number: eleven digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{11}",),
    groups=("11",),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("პირადი ნომერი", "piradi nomeri", "georgian id"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://sda.gov.ge/",
    examples=("პირადი ნომერი 01031402187",),
    not_examples=("01031402187", "Georgian ID 0103"),
)
