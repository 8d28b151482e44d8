"""Payment card that is no longer valid: a field that says so, or a card beside an expiry date that is past (see expired.py)."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="card_expired",
    form="word",
    needs_digit=True,
    field="card",
    is_strong=True,
    headers=(
        "expired card",
        "expired card number",
        "old card number",
        "carte expiree",
        "abgelaufene karte",
        "tarjeta caducada",
        "cartao vencido",
        "کارت منقضی",
    ),
    belief=0.6,
    belief_near=0.97,
    belief_headed=0.995,
    source="https://www.iso.org/standard/70484.html",
    examples=("expired card: 4111111111111111",),
    not_examples=("expired card: none",),
)
