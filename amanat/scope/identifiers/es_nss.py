"""Spanish social-security number: the province, eight digits and two check digits."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[0-5]\d[1-9]\d{9}",),
    groups=("12", "2-8-2", "2-10"),
    separators=" /-",
    sums=(Sum(weights=(34, 81, 76, 27, 90, 9, 30, 3, 10, 1, -10, -1), modulus=97),),
    field="national_id",
    is_strong=True,
    headers=("nss", "numero de la seguridad social", "numero seguridad social", "naf", "numero de afiliacion"),
    belief=0.3,
    source="https://www.seg-social.es/",
    examples=("NSS 28/31402118/54",),
    not_examples=("NSS 28/31402118/50", "28/31402118/54"),
)
