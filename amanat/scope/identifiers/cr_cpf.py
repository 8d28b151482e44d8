"""Costa Rican identity card of a person (cédula): a digit for the province, four and four digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{8}", r"0[1-9]\d{8}"),
    groups=("9", "1-4-4", "10", "2-4-4"),
    separators="- ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    stdnum="cr.cpf",
    headers=("cedula", "cedula de identidad", "cedula fisica"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.tse.go.cr/",
    examples=("cédula 1-0734-0952",),
    not_examples=("1-0734-0952", "cédula 1-0734"),
)
