"""Personal identification number of a card, account or telephone, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="fin_access_code",
    form="word",
    needs_digit=True,
    headers=(
        "=pin",
        "card pin",
        "pin number",
        "pin code card",
        "atm pin",
        "code pin",
        "geheimzahl",
        "codigo pin",
        "رمز کارت",
        "رمز دوم",
        "پین کد",
        "pin code",
        "clave pin",
        "pin de la tarjeta",
        "pin do cartao",
    ),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.pcisecuritystandards.org/glossary/",
    examples=("PIN: 4071", "Geheimzahl: 4071"),
    not_examples=("PIN: see envelope", "pin the note to 4071"),
)
