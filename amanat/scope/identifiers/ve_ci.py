"""Venezuelan identity card (cédula): V or E and seven or eight digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[VE]\d{8}", r"[VE]\d{7}"),
    groups=("9", "8", "1-8", "1-7", "1-2-3-3"),
    separators="-. ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("cedula", "cedula de identidad", "ci venezuela"),
    words=("cedula",),
    belief=0.3,
    belief_near=0.9,
    belief_headed=0.97,
    source="https://www.saime.gob.ve/",
    examples=("cédula V-14021870", "cédula de identidad V-14.021.870"),
    not_examples=("V-14021870", "cédula V-140"),
)
