"""Nationality of a person, in a field or after a label that says so. The country somebody lives in is another thing."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="nationality",
    form="line",
    headers=(
        "nationality",
        "citizenship",
        "citizen of",
        "nationalite",
        "citoyennete",
        "staatsangehorigkeit",
        "nationalitat",
        "nacionalidad",
        "ciudadania",
        "nacionalidade",
        "cidadania",
        "تابعیت",
        "ملیت",
    ),
    belief=0.6,
    belief_near=0.8,
    belief_headed=0.95,
    source="https://www.icao.int/publications/pages/publication.aspx?docnum=9303 (nationality of the holder)",
    examples=("Nationality: Portuguese", "Staatsangehörigkeit: deutsch", "تابعیت: ایرانی"),
    not_examples=("nationality", "country: France"),
)
