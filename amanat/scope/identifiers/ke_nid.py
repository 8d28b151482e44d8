"""Kenyan national identity card: seven or eight digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{7}", r"[1-9]\d{6}"),
    groups=("8", "7"),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("kenyan id", "kenya id", "national id no", "huduma namba"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.immigration.go.ke/",
    examples=("Kenyan ID 31402187",),
    not_examples=("31402187", "Kenyan ID 314"),
)
