"""Secret of a program in a field, or after a label, that says so: API key, client secret, access token."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="security_tokens",
    form="word",
    needs_digit=True,
    headers=(
        "api key",
        "apikey",
        "api token",
        "api secret",
        "secret key",
        "client secret",
        "access token",
        "auth token",
        "refresh token",
        "secret access key",
        "app secret",
        "webhook secret",
        "signing secret",
        "encryption key",
        "session token",
        "cle api",
        "api schlussel",
        "clave api",
        "chave api",
        "کلید api",
        "توکن",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://cwe.mitre.org/data/definitions/798.html",
    examples=("api_key: Q7r2WxK3mZ81LpT9", 'client_secret="Q7r2-WxK3-mZ81"'),
    not_examples=("api key: see the vault", "the access token expired"),
)
