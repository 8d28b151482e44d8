"""Mexican personal number (CURP): letters of the name, the day of birth, sex, state and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import NATIONAL, Identifier

_VALUES = {letter: n + (11 if n > 13 else 10) for n, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}  # Ñ stands between N and O

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d",),
    groups=("18",),
    sums=(Sum(weights=(18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 0), modulus=10, values=_VALUES, gives=less(10, "0")),),
    days=("....YYMMDD........",),
    field="national_id",
    is_strong=True,
    stdnum="mx.curp",
    headers=("curp", "clave unica de registro", *NATIONAL),
    belief=0.97,
    source="https://www.gob.mx/curp/",
    examples=("ROSA870314MDFMRR02", "CURP beca920718hjcrrr12"),
    not_examples=("ROSA870314MDFMRR00",),
)
