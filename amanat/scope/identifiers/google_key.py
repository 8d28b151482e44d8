"""Google API key (AIza…) or OAuth client secret (GOCSPX-…)."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="security_tokens",
    form="literal",
    literals=(
        ("AIza", 35, 35),
        ("GOCSPX-", 28, 28),
        ("ya29.", 40, 400),
    ),
    alphabet=r"A-Za-z0-9_-",
    belief=0.95,
    source="https://cloud.google.com/docs/authentication/api-keys",
    examples=("AIzaQ7r2WxK3mZ81LpT9vB4nHc6yRd5Gf8Jk0Sd", "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"),
    not_examples=("AIzaShort", "GOCSPX-short"),
)
