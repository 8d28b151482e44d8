"""Mexican tax number of a person (RFC): four letters of the name, the day of birth and three characters."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"[A-Z]{4}\d{6}[0-9A-Z]{3}",),
    groups=("13", "4-6-3"),
    separators="-",
    days=("....YYMMDD...",),
    field="national_id",
    is_strong=True,
    stdnum="mx.rfc",
    headers=("rfc", "registro federal de contribuyentes"),
    belief=0.8,
    source="https://www.sat.gob.mx/",
    examples=("ROSA870314K21", "RFC: BECA-920718-4T3"),
    not_examples=("ROSA871314K21", "RFC: ROSA8703"),
)
