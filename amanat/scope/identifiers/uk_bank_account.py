"""British sort code with account number: six and eight digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_acct_alone",
    patterns=(r"\d{14}",),
    groups=("6-8", "2-2-2-8"),
    separators="- /",
    check="not_uniform",
    field="iban",
    is_strong=True,
    headers=("sort code", "sort code and account number", "sortcode"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.vocalink.com/tools/modulus-checking/",
    examples=("sort code 20-31-40 21870931",),
    not_examples=("20-31-40 21870931", "sort code 20-31"),
)
