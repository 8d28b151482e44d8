"""Maltese identity card: seven digits and a letter, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{7}[ABGHLMPZ]",),
    groups=("8", "7-1"),
    separators=" ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("malta id", "maltese id", "id card malta", "karta tal identita"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://identita.gov.mt/",
    examples=("Malta ID 0314087M",),
    not_examples=("0314087M", "Malta ID 0314087K"),
)
