"""Spanish number of a foreigner (NIE): X, Y or Z, seven digits and a check letter."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[XYZ]\d{7}[A-Z]",),
    groups=("9", "8-1", "1-7-1"),
    separators="- ",
    sums=(Sum(weights=(14, 6, 19, 18, 11, 8, 10, 1, 0), modulus=23, gives="TRWAGMYFPDXBNJZSQVHLCKE", values={"X": 0, "Y": 1, "Z": 2}),),
    field="national_id",
    is_strong=True,
    stdnum="es.nie",
    headers=("nie", "numero de identidad de extranjero", "tarjeta de residencia", *NATIONAL),
    belief=0.8,
    source="https://www.interior.gob.es/opencms/es/servicios-al-ciudadano/tramites-y-gestiones/extranjeria/ciudadanos-de-la-union-europea/numero-de-identidad-de-extranjero-nie/",
    examples=("NIE X4120857Q", "Y-2841709-G"),
    not_examples=("NIE X4120857A",),
)
