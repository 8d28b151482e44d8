"""Given name, in a field for it; together with the family name of the same record it is a full name."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="name",
    form="given_name",
    field="given_name",
    headers=(
        "given name",
        "first name",
        "firstname",
        "givenname",
        "forename",
        "name first",
        "prenom",
        "vorname",
        "nombre",
        "=nome",
        "=نام",
        "نام کوچک",
    ),
    belief=0.6,
    belief_headed=0.8,
    source="https://schema.org/givenName",
    examples=("First name: Sara", "Prénom : Zoë"),
    not_examples=("hotel: Sara", "first: of all"),
)
