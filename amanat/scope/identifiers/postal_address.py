"""Postal address, in a field for it or after a label. Words and numbers count, punctuation and case do not."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="address",
    form="address",
    field="address",
    headers=(
        "=address",
        "postal address",
        "home address",
        "street address",
        "mailing address",
        "billing address",
        "delivery address",
        "=adresse",
        "adresse postale",
        "adresse complete",
        "anschrift",
        "postanschrift",
        "direccion",
        "endereco",
        "نشانی",
        "آدرس",
    ),
    belief=0.6,
    belief_headed=0.9,
    source="https://www.upu.int/en/postal-solutions/programmes-services/addressing-solutions",
    examples=("Address: 12 Example Street, Springfield", "Anschrift: Musterweg 5, 12345 Musterstadt"),
    not_examples=("email address: none", "address the problem"),
)
