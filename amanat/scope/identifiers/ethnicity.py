"""Racial or ethnic origin of a person, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="special_category",
    form="line",
    headers=(
        "ethnicity",
        "ethnic origin",
        "ethnic group",
        "=race",
        "racial origin",
        "origine ethnique",
        "ethnische herkunft",
        "origen etnico",
        "etnia",
        "=raca",
        "قومیت",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://eur-lex.europa.eu/eli/reg/2016/679/oj (Art 9(1))",
    examples=("Ethnicity: Asian", "Ethnic origin: Baluch", "قومیت: کرد"),
    not_examples=("the race starts at nine", "race time: 3:41", "Ethnicity: n/a"),
)
