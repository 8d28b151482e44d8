"""Bank account number, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    form="word",
    field="iban",
    is_strong=True,
    needs_digit=True,
    headers=(
        "account number",
        "bank account number",
        "account no",
        "acct number",
        "acct no",
        "bank account no",
        "numero de compte",
        "kontonummer",
        "konto nr",
        "numero de cuenta",
        "numero da conta",
        "conta corrente",
        "شماره حساب",
        "حساب بانکی",
    ),
    belief=0.6,
    belief_near=0.8,
    belief_headed=0.95,
    source="https://www.iso20022.org/",
    examples=("account number: 3140218709", "Kontonummer: 314021870", "شماره حساب: 314-021-870931"),
    not_examples=("account number: unknown", "3140218709"),
)
