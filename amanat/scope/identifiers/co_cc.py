"""Colombian identity card (cédula de ciudadanía): six to ten digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"1\d{9}", r"[1-9]\d{7}", r"[1-9]\d{6}"),
    groups=("10", "8", "7", "1-3-3-3", "2-3-3", "1-3-3"),
    separators=". ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("cedula de ciudadania", "cedula ciudadania", "numero de cedula", "nro cedula"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.registraduria.gov.co/",
    examples=("cédula de ciudadanía 1.047.381.296", "número de cédula: 52381209"),
    not_examples=("1047381296", "cédula de ciudadanía 104"),
)
