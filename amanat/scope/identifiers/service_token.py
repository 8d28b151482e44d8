"""Token of a well-known service, by its beginning: npm, PyPI, SendGrid, Twilio, OpenAI, Hugging Face, DigitalOcean, Shopify, Telegram and others."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="security_tokens",
    form="literal",
    literals=(
        ("npm_", 36, 36),
        ("pypi-AgE", 60, 240),
        ("SG.", 60, 72),
        ("sk-proj-", 40, 200),
        ("sk-ant-", 40, 140),
        ("hf_", 30, 40),
        ("dop_v1_", 64, 64),
        ("shpat_", 32, 32),
        ("shpss_", 32, 32),
        ("dckr_pat_", 24, 40),
        ("lin_api_", 32, 48),
        ("PMAK-", 50, 64),
        ("rubygems_", 48, 48),
        ("sq0atp-", 22, 22),
        ("sq0csp-", 43, 43),
    ),
    alphabet=r"A-Za-z0-9_.-",
    belief=0.95,
    source="https://docs.npmjs.com/about-access-tokens; the documentation of each service",
    examples=(
        "npm_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8",
        "SG.Q7r2WxK3mZ81LpT9vB4nHc.6yRd5Gf8Jk0SdQ7r2WxK3mZ81LpT9vB4nHc6yRd5Gf8J",
        "hf_Q7r2WxK3mZ81LpT9vB4nHc6yRd5Gf8Jk0S",
    ),
    not_examples=("npm_install", "SG.short", "key-value"),
)
