"""JSON Web Token: three parts in base64, of which the first begins with eyJ."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="security_tokens",
    form="literal",
    literals=(("eyJ", 60, 4000),),
    alphabet=r"A-Za-z0-9_.=-",
    is_valid=lambda token: token.count(".") in (2, 4),
    headers=("jwt", "id token", "bearer token"),
    belief=0.95,
    source="https://www.rfc-editor.org/rfc/rfc7519",
    examples=("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJwZXJzb24tMzE0MDIiLCJyb2xlIjoiZ3Vlc3QifQ.Q7r2WxK3mZ81LpT9vB4nHc6yRd5Gf8Jk0Sd",),
    not_examples=("eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJIUzI1NiJ9eyJzdWIiOiJwZXJzb24tMzE0MDIiLCJyb2xlIjoiZ3Vlc3QifQ"),
)
