"""German driving licence (Führerschein): two letters of the office, eight digits and a letter or digit."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="dl_state_id",
    patterns=(r"[A-Z]\d[0-9A-Z]\d{6}[0-9A-Z]\d", r"[A-Z]{2}\d{8}[0-9A-Z]", r"[A-Z]\d{9}[0-9A-Z]"),
    groups=("11",),
    check="not_uniform",
    headers=("fuhrerschein", "fuhrerscheinnummer", "fuhrerschein nr", "fahrerlaubnis"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.gesetze-im-internet.de/fev_2010/anlage_8.html",
    examples=("Führerschein MZ31402187K", "Führerscheinnummer: B0714021871"),
    not_examples=("MZ31402187K", "Führerschein MZ314"),
)
