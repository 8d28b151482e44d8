"""Philippine social-security number (SSS): ten digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{10}",),
    groups=("10", "2-7-1"),
    separators="- ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("sss", "sss number", "sss no"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.sss.gov.ph/",
    examples=("SSS 31-4021870-9",),
    not_examples=("31-4021870-9", "SSS 31-402"),
)
