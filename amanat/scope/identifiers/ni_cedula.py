"""Nicaraguan identity card (cédula): the town, the day of birth, four digits and a letter."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{13}[A-Y]",),
    groups=("14", "3-6-5", "3-6-4-1"),
    separators="- ",
    days=("...DDMMYY.....",),
    field="national_id",
    is_strong=True,
    headers=("cedula", "cedula de identidad"),
    belief=0.7,
    source="https://www.cse.gob.ni/",
    examples=("cédula 001-140387-0021K", "001-180792-1004P"),
    not_examples=("001-141387-0021K",),
)
