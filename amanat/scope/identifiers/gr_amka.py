"""Greek social-security number (ΑΜΚΑ): the day of birth, four digits and a check digit."""

from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[0-3]\d{10}",),
    groups=("11", "6-5", "6-4-1"),
    separators=" -",
    check="luhn",
    days=("DDMMYY.....",),
    field="national_id",
    is_strong=True,
    stdnum="gr.amka",
    headers=("amka", "αμκα", *NATIONAL),
    belief=0.3,
    source="https://www.amka.gr/",
    examples=("ΑΜΚΑ 14038702172", "AMKA 18079204303"),
    not_examples=("ΑΜΚΑ 14038702170", "14038702172"),
)
