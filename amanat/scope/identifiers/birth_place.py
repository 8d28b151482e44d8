"""Place of birth of a person, in a field or after a label that says so. By itself it is no kind of data that a law names."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="",
    form="line",
    headers=(
        "place of birth",
        "birth place",
        "birthplace",
        "lieu de naissance",
        "geburtsort",
        "lugar de nacimiento",
        "local de nascimento",
        "محل تولد",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://schema.org/birthPlace",
    examples=("Place of birth: Shiraz", "Geburtsort: Köln"),
    not_examples=("born and bred",),
)
