"""Spanish identity document (DNI): up to eight digits and a check letter."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{8}[A-Z]", r"\d{7}[A-Z]"),
    groups=("9", "8", "8-1", "7-1", "2-3-3-1", "1-3-3-1"),
    separators="-. ",
    sums=(Sum(weights=(14, 6, 19, 18, 11, 8, 10, 1, 0), modulus=23, gives="TRWAGMYFPDXBNJZSQVHLCKE"),),
    field="national_id",
    is_strong=True,
    stdnum="es.nif",
    headers=("dni", "nif", "numero de dni", "documento nacional de identidad", *NATIONAL),
    # One letter in 23 is right by chance, and part numbers look alike.
    belief=0.6,
    source="https://www.interior.gob.es/opencms/es/servicios-al-ciudadano/tramites-y-gestiones/dni/",
    examples=("DNI 31402118B", "28.417.093-H", "dni: 4120857Q"),
    not_examples=("DNI 31402118A",),
)
