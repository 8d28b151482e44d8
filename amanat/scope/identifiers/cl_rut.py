"""Chilean number of a person (RUT, RUN): up to eight digits and a check digit or K."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{8}[0-9K]", r"[1-9]\d{6}[0-9K]"),
    groups=("2-3-3-1", "1-3-3-1", "8-1", "7-1"),
    separators=".-",
    sums=(Sum(weights=(3, 2, 7, 6, 5, 4, 3, 2, 0), modulus=11, gives=less(11, "K")),),
    field="national_id",
    is_strong=True,
    stdnum="cl.rut",
    headers=("rut", "rol unico tributario", "rol unico nacional", *NATIONAL),
    belief=0.0,
    source="https://www.registrocivil.cl/",
    examples=("RUT 14.203.967-2", "rut: 9417206-3"),
    not_examples=("RUT 14.203.967-0", "14.203.967-2"),
)
