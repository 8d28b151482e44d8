"""Canadian Social Insurance Number: nine digits, the last one a check."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{9}",),
    groups=("9", "3-3-3"),
    separators=" -.",
    check="luhn",
    field="national_id",
    is_strong=True,
    headers=(
        "sin",
        "nas",
        "social insurance number",
        "numero d assurance sociale",
        "assurance sociale",
        "national id",
        "national number",
        "id number",
    ),
    words=("social insurance", "assurance sociale"),
    belief=0.55,
    belief_bare=0.2,
    source="https://www.canada.ca/en/employment-social-development/services/sin.html",
    examples=("social insurance number 046 454 286", "numéro d'assurance sociale : 046-454-286"),
    not_examples=("social insurance number 046 454 287", "046454286"),
)
