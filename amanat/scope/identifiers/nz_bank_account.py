"""New Zealand bank account number: bank, branch, account and suffix."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    patterns=(r"\d{15}", r"\d{16}"),
    groups=("2-4-7-2", "2-4-7-3"),
    separators="- ",
    check="not_uniform",
    field="iban",
    is_strong=True,
    headers=("nz bank account", "bank account nz", "bank account number"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.paymentsnz.co.nz/",
    examples=("bank account number 12-3140-0218709-00",),
    not_examples=("12-3140-0218709-00", "bank account number 12-3140"),
)
