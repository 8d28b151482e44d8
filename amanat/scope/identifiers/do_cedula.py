"""Dominican identity card (cédula): eleven digits, the last one a check."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{11}",),
    groups=("11", "3-7-1"),
    separators="- ",
    check="luhn",
    field="national_id",
    is_strong=True,
    stdnum="do.cedula",
    headers=("cedula", "cedula de identidad", "cedula de identidad y electoral"),
    belief=0.3,
    source="https://jce.gob.do/",
    examples=("cédula 402-2071483-2",),
    not_examples=("cédula 402-2071483-0", "402-2071483-2"),
)
