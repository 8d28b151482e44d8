"""Italian driving licence, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="dl_state_id",
    patterns=(r"[A-Z]{2}\d{7}[A-Z]", "U1[0-9BCDFGHJ-NPR-UWXYZ]{7}[A-Z]"),
    groups=("10", "2-7-1"),
    separators=" ",
    check="not_uniform",
    headers=("patente", "patente di guida", "numero patente", "driving license"),
    words=("license", "patente"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.ilportaledellautomobilista.it/",
    examples=("patente MI3140217K", "patente di guida U1H40B20KZ"),
    not_examples=("MI3140217K", "patente MI314"),
)
