"""Honduran identity document (DNI): thirteen digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[01]\d{12}",),
    groups=("13", "4-4-5"),
    separators="- ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("dni", "tarjeta de identidad", "identidad"),
    words=("identidad",),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.rnp.hn/",
    examples=("tarjeta de identidad 0801-1987-03142",),
    not_examples=("0801198703142", "identidad 0801"),
)
