"""Cuban identity number: the day of birth and five digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{11}",),
    groups=("11",),
    days=("YYMMDD.....",),
    field="national_id",
    is_strong=True,
    stdnum="cu.ni",
    headers=("carne de identidad", "numero de identidad"),
    belief=0.0,
    source="https://www.minjus.gob.cu/",
    examples=("carné de identidad 87031421775",),
    not_examples=("carné de identidad 87133421775", "87031421775"),
)
