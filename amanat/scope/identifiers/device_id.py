"""Advertising or hardware number of a person's device, in a field or after a label that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="device",
    form="word",
    needs_digit=True,
    headers=("device id", "idfa", "gaid", "advertising id", "android id", "device uuid", "device token", "push token", "idfv"),
    belief=0.6,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://eur-lex.europa.eu/eli/reg/2016/679/oj (recital 30)",
    examples=("idfa: 3140C187-0931-4A21-8709-314021870931", "android_id: 9f3140c218709a31"),
    not_examples=("device id: none",),
)
