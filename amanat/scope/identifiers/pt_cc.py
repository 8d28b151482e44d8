"""Portuguese citizen card: eight digits, a check digit, two letters or digits and a last check digit."""

from amanat.scope.check_digits import Sum, less
from amanat.scope.identifier import NATIONAL, Identifier

_ODD = {c: 2 * n - 9 if n > 4 else 2 * n for n, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}  # doubled, less nine from ten on

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{9}[0-9A-Z]{2}\d",),
    groups=("12", "8-1-3", "8-1-2-1", "9-3"),
    separators=" -",
    sums=(Sum(weights=(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0), modulus=10, odd_values=_ODD, gives=less(10, "0")),),
    field="national_id",
    is_strong=True,
    stdnum="pt.cc",
    headers=("cartao de cidadao", "cc", "numero de cartao de cidadao", "documento de identificacao", *NATIONAL),
    belief=0.45,
    source="https://www.autenticacao.gov.pt/cartao-cidadao",
    examples=("cartão de cidadão 31402187 0 ZX4",),
    not_examples=("cartão de cidadão 31402187 0 ZX0", "31402187 0 ZX4"),
)
