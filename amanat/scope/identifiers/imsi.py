"""Number of a mobile subscriber (IMSI): country, network and subscriber, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="device",
    patterns=(r"[2-7]\d{14}",),
    groups=("15", "3-2-10", "3-3-9"),
    separators=" -",
    check="not_uniform",
    stdnum="imsi",
    headers=("imsi",),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.itu.int/rec/T-REC-E.212",
    examples=("IMSI 208 15 3140218709",),
    not_examples=("208153140218709", "IMSI 208"),
)
