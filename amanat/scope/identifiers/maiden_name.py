"""Mother's maiden name, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="mothers_maiden_name",
    form="line",
    headers=(
        "mother maiden name",
        "mothers maiden name",
        "mother s maiden name",
        "maiden name",
        "nom de jeune fille",
        "nom de jeune fille de la mere",
        "geburtsname der mutter",
        "apellido de soltera",
        "nome de solteira da mae",
        "madchenname der mutter",
        "نام خانوادگی مادر",
        "نام خانوادگی پیش از ازدواج مادر",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://pages.nist.gov/800-63-3/sp800-63b.html",
    examples=("Mother's maiden name: Rivers", "Nom de jeune fille : Rivière"),
    not_examples=("her maiden voyage: 1912",),
)
