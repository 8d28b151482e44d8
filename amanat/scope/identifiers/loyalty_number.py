"""Number in a loyalty programme, in a field or beside a word that says so; its own shape is learned from the register."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="loyalty_id",
    form="word",
    field="loyalty_id",
    is_strong=True,
    headers=(
        "loyalty id",
        "loyalty number",
        "loyalty no",
        "loyalty",
        "member no",
        "member number",
        "membership",
        "membership number",
        "carte fidelite",
        "numero de fidelite",
        "fidelite",
        "kundenkarte",
        "treuenummer",
        "numero de socio",
        "numero fidelidade",
        "شماره عضویت",
        "کد اشتراک",
    ),
    source="docs/explanation/scope.md: numbers that only the company itself gives out",
    examples=("loyalty number: AB-1234567", "Membership: 77120042"),
    not_examples=("loyalty is everything", "AB-1234567"),
)
