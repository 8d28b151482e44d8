"""Argentinian identity document (DNI): seven or eight digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[1-9]\d{7}", r"[1-9]\d{6}"),
    groups=("8", "7", "2-3-3", "1-3-3"),
    separators=". ",
    field="national_id",
    is_strong=True,
    stdnum="ar.dni",
    headers=("dni", "documento nacional de identidad", "nro documento", "numero de documento"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.argentina.gob.ar/interior/renaper",
    examples=("DNI 31.402.118", "dni: 31402118"),
    not_examples=("31402118", "DNI 314021"),
)
