"""Employer, position or department of a person, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="employment",
    form="line",
    headers=(
        "employer",
        "employer name",
        "job title",
        "occupation",
        "profession",
        "employment status",
        "employeur",
        "poste occupe",
        "arbeitgeber",
        "beruf",
        "berufsbezeichnung",
        "empleador",
        "ocupacion",
        "puesto de trabajo",
        "empregador",
        "profissao",
        "کارفرما",
        "شغل",
        "سمت شغلی",
        "cargo",
        "cargo profissional",
        "funcao profissional",
        "عنوان شغلی",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://schema.org/Occupation",
    examples=("Occupation: school nurse", "Arbeitgeber: Beispiel GmbH", "شغل: آموزگار"),
    not_examples=("his occupation of the house", "Occupation: n/a"),
)
