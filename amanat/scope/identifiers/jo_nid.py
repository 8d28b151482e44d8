"""Jordanian national number: ten digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[29]\d{9}",),
    groups=("10",),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("الرقم الوطني", "jordan national number", "jordanian id"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://cspd.gov.jo/",
    examples=("الرقم الوطني 9871031402",),
    not_examples=("9871031402", "الرقم الوطني 987"),
)
