"""Family name, in a field for it; together with the given name of the same record it is a full name."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="name",
    form="family_name",
    field="family_name",
    headers=(
        "family name",
        "last name",
        "lastname",
        "familyname",
        "surname",
        "name last",
        "=nom",
        "nom de famille",
        "nachname",
        "familienname",
        "apellido",
        "apellidos",
        "sobrenome",
        "نام خانوادگی",
        "فامیلی",
    ),
    belief=0.6,
    belief_headed=0.8,
    source="https://schema.org/familyName",
    examples=("Surname: Ahmadi", "Nachname: Großmüller", "نام خانوادگی: احمدی"),
    not_examples=("last update: today",),
)
