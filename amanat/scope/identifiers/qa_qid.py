"""Qatari identity number: eleven digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[23]\d{10}",),
    groups=("11",),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("qid", "qatar id", "الرقم الشخصي"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://portal.moi.gov.qa/",
    examples=("QID 28736431402",),
    not_examples=("28736431402", "QID 287"),
)
