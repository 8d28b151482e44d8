"""Ecuadorian identity card (cédula): the province, seven digits and a check digit."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"0[1-9][0-6]\d{7}", r"1\d[0-6]\d{7}", r"2[0-4][0-6]\d{7}", r"[35]0[0-6]\d{7}"),
    groups=("10", "9-1"),
    separators="-",
    check="luhn",
    field="national_id",
    is_strong=True,
    stdnum="ec.ci",
    headers=("cedula", "cedula de identidad", "cedula ecuatoriana"),
    belief=0.3,
    source="https://www.registrocivil.gob.ec/",
    examples=("cédula 171430215-3",),
    not_examples=("cédula 171430215-0", "171430215-3"),
)
