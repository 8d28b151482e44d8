"""Genetic data of a person, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="genetic",
    form="line",
    headers=(
        "genetic test",
        "genetic test result",
        "genetic data",
        "dna profile",
        "dna sequence",
        "genotype",
        "brca status",
        "test genetique",
        "profil adn",
        "gentest",
        "genetischer befund",
        "prueba genetica",
        "perfil genetico",
        "teste genetico",
        "آزمایش ژنتیک",
        "نتیجه ژنتیک",
        "profil genetique",
        "dna profil",
        "genetisches profil",
        "پروفایل ژنتیکی",
        "پروفایل ژنتیک",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://eur-lex.europa.eu/eli/reg/2016/679/oj (Art 4(13))",
    examples=("BRCA status: BRCA1 carrier", "Gentest: positiv"),
    not_examples=("genetic test: n/a",),
)
