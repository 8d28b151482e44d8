"""Criminal convictions and offences of a person, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="special_category",
    form="line",
    headers=(
        "criminal record",
        "criminal conviction",
        "criminal convictions",
        "=conviction",
        "=offence",
        "casier judiciaire",
        "condamnation",
        "vorstrafen",
        "fuhrungszeugnis",
        "antecedentes penales",
        "antecedentes criminais",
        "سوء پیشینه",
        "سابقه کیفری",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://eur-lex.europa.eu/eli/reg/2016/679/oj (Art 10)",
    examples=("Criminal record: theft, 2019", "Vorstrafen: keine", "سابقه کیفری: ندارد"),
    not_examples=("offence was taken",),
)
