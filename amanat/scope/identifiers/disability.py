"""Disability of a person, or the help they need, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="medical",
    form="line",
    headers=(
        "disability",
        "disabilities",
        "disability status",
        "degree of disability",
        "taux d incapacite",
        "behinderung",
        "grad der behinderung",
        "discapacidad",
        "grado de discapacidad",
        "deficiencia",
        "معلولیت",
        "نوع معلولیت",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://eur-lex.europa.eu/eli/reg/2016/679/oj (Art 4(15))",
    examples=("Disability: wheelchair user", "Grad der Behinderung: 50", "معلولیت: کم‌شنوایی"),
    not_examples=("disability: none",),
)
