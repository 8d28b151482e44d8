"""Political opinion or membership of a trade union, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="special_category",
    form="line",
    headers=(
        "political opinion",
        "political affiliation",
        "party affiliation",
        "political party",
        "party membership",
        "union membership",
        "trade union",
        "trade union membership",
        "opinion politique",
        "appartenance syndicale",
        "adhesion syndicale",
        "politische meinung",
        "parteizugehorigkeit",
        "gewerkschaft",
        "gewerkschaftsmitglied",
        "afiliacion politica",
        "afiliacion sindical",
        "filiacao partidaria",
        "filiacao sindical",
        "گرایش سیاسی",
        "عضویت حزبی",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://eur-lex.europa.eu/eli/reg/2016/679/oj (Art 9(1))",
    examples=("Trade union: Unite", "Parteizugehörigkeit: keine Angabe", "Union membership: yes"),
    not_examples=("a trade union spoke",),
)
