"""Portuguese tax number (NIF): eight digits and a check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"[1-35689]\d{8}", r"45\d{7}"),
    groups=("9", "3-3-3"),
    separators=" ",
    sums=(Sum(weights=(9, 8, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives="0" + less(11, "0")[1:]),),
    field="national_id",
    is_strong=True,
    stdnum="pt.nif",
    headers=("nif", "contribuinte", "numero de contribuinte", "numero de identificacao fiscal", *NATIONAL),
    belief=0.0,
    source="https://info.portaldasfinancas.gov.pt/",
    examples=("NIF 214 021 874",),
    not_examples=("NIF 214 021 870", "214 021 874"),
)
