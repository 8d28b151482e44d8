"""Peruvian identity document (DNI): eight digits, perhaps with a check character."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{8}", r"\d{8}[0-9A-K]"),
    groups=("8", "8-1"),
    separators="-",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("dni peruano", "dni peru", "reniec", "cui peru"),
    belief=0.0,
    belief_near=0.9,
    belief_headed=0.96,
    source="https://www.reniec.gob.pe/",
    examples=("DNI peruano 31402187", "DNI peruano 31402187-5"),
    not_examples=("31402187", "DNI peruano 3140"),
)
