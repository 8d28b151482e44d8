"""Italian identity card: electronic (two letters, five digits, two letters) or older, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=(r"[A-Z]{2}\d{5}[A-Z]{2}", r"[A-Z]{2}\d{7}", r"\d{7}[A-Z]{2}"),
    groups=("9", "2-7", "7-2"),
    separators=" ",
    check="not_uniform",
    field="passport",
    is_strong=True,
    headers=("carta d'identita", "carta identita", "numero carta identita", "numero cie", "documento di identita"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.cartaidentita.interno.gov.it/",
    examples=("carta d'identità CA12345AA", "carta identità AX 3140211"),
    not_examples=("CA12345AA", "carta identità CA123"),
)
