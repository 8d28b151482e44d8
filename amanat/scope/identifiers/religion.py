"""Religion or belief of a person, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="special_category",
    form="word",
    headers=(
        "religion",
        "religious belief",
        "religious affiliation",
        "denomination",
        "confession religieuse",
        "konfession",
        "religionszugehorigkeit",
        "kirchensteuermerkmal",
        "creencia religiosa",
        "religiao",
        "مذهب",
        "دین",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://eur-lex.europa.eu/eli/reg/2016/679/oj (Art 9(1))",
    examples=("Religion: Buddhist", "Konfession: evangelisch", "مذهب: زرتشتی"),
    not_examples=("wars of religion", "Religion: n/a"),
)
