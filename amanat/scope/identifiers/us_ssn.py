"""United States Social Security number. It has no check digit, only ranges that are never issued."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="ssn",
    patterns=(r"\d{9}",),
    groups=("3-2-4", "5-4", "3-6", "9"),
    separators="-. ",
    check="us_ssn",
    field="national_id",
    is_strong=True,
    headers=("ssn", "social security", "social security number", "soc sec", "national id", "national number", "id number"),
    words=("ssn", "social security", "soc sec", "social"),
    belief=0.7,
    belief_bare=0.2,
    source="https://secure.ssa.gov/poms.nsf/lnx/0110201035",
    examples=("ssn 078-05-1129", "078-05-1129", "social security number: 078051129"),
    not_examples=("000-05-1129", "666-05-1129", "912-05-1129", "078-00-1129", "078-05-0000", "invoice 078051129"),
)
