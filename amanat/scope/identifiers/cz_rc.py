"""Czech or Slovak birth number (rodné číslo): the day of birth, three or four digits; eleven divides those of ten digits."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{10}", r"[0-5]\d{8}"),
    groups=("10", "6-4", "9", "6-3"),
    separators="/ -",
    sums=(Sum(weights=(-1, 1, -1, 1, -1, 1, -1, 1, -1, 1), modulus=11, length=10),),
    days=("YYMMDD....", "YYMMDD..."),
    month_offsets=(0, 20, 50, 70),
    field="national_id",
    is_strong=True,
    stdnum="cz.rc",
    headers=("rodne cislo", "rodne c", "rodc", "rc cislo", "birth number", *NATIONAL),
    belief=0.0,
    source="https://www.mvcr.cz/clanek/rady-a-sluzby-dokumenty-rodna-cisla.aspx",
    examples=("rodné číslo 875314/2178", "rodné číslo: 9207184305"),
    not_examples=("rodné číslo 875314/2170", "875314/2178"),
)
