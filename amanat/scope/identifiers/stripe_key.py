"""Stripe secret or restricted key: sk_live_, rk_live_ and what follows. Test keys open nothing."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="security_tokens",
    form="literal",
    literals=(
        ("sk_live_", 24, 120),
        ("rk_live_", 24, 120),
        ("whsec_", 24, 80),
    ),
    alphabet=r"A-Za-z0-9",
    belief=0.95,
    source="https://docs.stripe.com/keys",
    examples=("sk_live_Q7r2WxK3mZ81LpT9vB4nHc6y", "rk_live_Q7r2WxK3mZ81LpT9vB4nHc6y"),
    not_examples=("sk_test_Q7r2WxK3mZ81LpT9vB4nHc6y", "sk_live_short"),
)
