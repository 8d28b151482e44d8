"""Rwandan national identity number: sixteen digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[123]\d{15}",),
    groups=("16", "1-4-1-7-1-2"),
    separators=" ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("indangamuntu", "rwanda id", "nida rwanda"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.nida.gov.rw/",
    examples=("indangamuntu 1 1987 7 0314021 8 70",),
    not_examples=("1 1987 7 0314021 8 70", "Rwanda ID 1198"),
)
