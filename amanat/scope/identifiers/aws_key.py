"""Amazon Web Services access key: AKIA or ASIA and sixteen letters and digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="security_tokens",
    form="literal",
    literals=(
        ("AKIA", 16, 16),
        ("ASIA", 16, 16),
    ),
    alphabet=r"A-Z0-9",
    belief=0.95,
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    examples=("AKIAQ7EXAMPLE3KRT2WX", "key=ASIAQ7EXAMPLE3KRT2WX;"),
    not_examples=("AKIAQ7EXAMPLE", "AKIAsmallletters1234"),
)
