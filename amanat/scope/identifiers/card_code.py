"""Security code of a payment card, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_access_code",
    patterns=(r"\d{3}", r"\d{4}"),
    groups=("3", "4"),
    separators="",
    headers=(
        "cvv",
        "cvc",
        "cvv2",
        "cvc2",
        "card code",
        "security code",
        "cryptogramme",
        "prufziffer",
        "codigo de seguridad",
        "codigo de seguranca",
        "prufnummer",
        "kartenprufnummer",
        "codigo cvv",
        "codigo de verificacion",
    ),
    words=("cvv", "cvc", "cvv2", "cvc2", "cryptogramme", "security code"),
    belief=0.0,
    belief_near=0.85,
    source="https://www.pcisecuritystandards.org/glossary/",
    examples=("CVV: 123", "cvc 1234"),
    not_examples=("123", "CVV 12", "CVV 12345"),
)
