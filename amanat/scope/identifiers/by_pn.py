"""Belarusian personal number: a digit for sex and century, the day of birth, a letter and five characters."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-6]\d{6}[ABCEHKM]\d{3}[A-Z]{2}\d",),
    groups=("14",),
    days=(".DDMMYY.......",),
    field="national_id",
    is_strong=True,
    headers=("personal number belarus", "личный номер", "идентификационный номер"),
    belief=0.85,
    source="https://pravo.by/document/?guid=3871&p0=p30800233",
    examples=("личный номер 4120389A041PB6",),
    not_examples=("личный номер 4123389A041PB6",),
)
