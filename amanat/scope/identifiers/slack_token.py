"""Slack token (xoxb-, xoxp-, xapp-…)."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="security_tokens",
    form="literal",
    literals=(
        ("xoxb-", 20, 120),
        ("xoxp-", 20, 120),
        ("xoxa-", 20, 120),
        ("xoxr-", 20, 120),
        ("xoxs-", 20, 120),
        ("xapp-", 20, 120),
    ),
    alphabet=r"A-Za-z0-9-",
    belief=0.95,
    source="https://docs.slack.dev/authentication/tokens",
    examples=("xoxb-314021870-931402187093-Q7r2WxK3mZ81LpT9vB4nHc6y",),
    not_examples=("xoxb-short", "xoxo-love-and-kisses-from-everybody"),
)
