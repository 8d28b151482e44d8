"""South African identity number: the day of birth, four digits, citizenship and a check digit."""

from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{10}[012]\d{2}",),
    groups=("13", "6-4-3", "6-4-2-1", "6-4-1-1-1"),
    separators=" ",
    check="luhn",
    days=("YYMMDD.......",),
    field="national_id",
    is_strong=True,
    stdnum="za.idnr",
    headers=("sa id", "south african id", "rsa id", "id number", "identity number", *NATIONAL),
    words=("refugee id",),
    belief=0.45,
    source="https://www.dha.gov.za/",
    examples=("SA ID 8703140217085", "South African ID 920718 4302 08 3"),
    not_examples=("SA ID 8703140217080", "8703140217085"),
)
