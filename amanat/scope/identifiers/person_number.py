"""The company's own number of a person, in a field that says so; its own shape is learned from the register."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="",
    form="word",
    field="person_id",
    is_strong=True,
    headers=(
        "person id",
        "customer id",
        "customer no",
        "customer number",
        "guest id",
        "guest no",
        "client id",
        "numero client",
        "user id",
        "account id",
        "kundennummer",
        "kunden nr",
        "numero de cliente",
        "numero do cliente",
        "شناسه مشتری",
        "شماره مشتری",
    ),
    source="docs/explanation/scope.md: numbers that only the company itself gives out",
    examples=("customer no: 77120042", "Kundennummer: K-100200"),
    not_examples=("customer: 77120042", "K-100200"),
)
