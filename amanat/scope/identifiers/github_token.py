"""GitHub token: ghp_, gho_, ghu_, ghs_, ghr_ or github_pat_ and what follows."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="security_tokens",
    form="literal",
    literals=(
        ("ghp_", 36, 76),
        ("gho_", 36, 76),
        ("ghu_", 36, 76),
        ("ghs_", 36, 76),
        ("ghr_", 36, 76),
        ("github_pat_", 60, 90),
    ),
    alphabet=r"A-Za-z0-9_",
    belief=0.95,
    source="https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats",
    examples=("ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8", "token ghs_8r7Q6p5O4n3M2l1K0j9I8h7G6f5E4d3C2b1A"),
    not_examples=("ghp_short", "ghx_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"),
)
