"""Sexual orientation or sex life of a person, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="special_category",
    form="line",
    headers=(
        "sexual orientation",
        "sexual preference",
        "orientation sexuelle",
        "sexuelle orientierung",
        "orientacion sexual",
        "orientacao sexual",
        "گرایش جنسی",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://eur-lex.europa.eu/eli/reg/2016/679/oj (Art 9(1))",
    examples=("Sexual orientation: gay", "Orientación sexual: bisexual"),
    not_examples=("orientation: north",),
)
