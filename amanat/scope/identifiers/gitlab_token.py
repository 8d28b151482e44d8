"""GitLab token: glpat- and what follows."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="security_tokens",
    form="literal",
    literals=(
        ("glpat-", 20, 60),
        ("gldt-", 20, 60),
        ("glrt-", 20, 60),
    ),
    alphabet=r"A-Za-z0-9_.-",
    belief=0.95,
    source="https://docs.gitlab.com/security/tokens/",
    examples=("glpat-Q7r2WxK3mZ81LpT9vB4n",),
    not_examples=("glpat-short",),
)
