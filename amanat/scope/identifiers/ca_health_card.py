"""Canadian health card of Ontario, Alberta, Manitoba and Quebec, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="health_insurance",
    patterns=(r"\d{10}[A-Z]{2}", r"\d{10}", r"\d{9}", r"[A-Z]{4}\d{8}"),
    groups=("12", "10-2", "10", "4-3-3", "4-3-3-2", "5-4", "9", "4-4-4"),
    separators=" -",
    check="not_uniform",
    is_strong=True,
    headers=("health card", "health card number", "ohip", "ohip number", "carte sante", "ramq", "numero d assurance maladie", "ahcip"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.ontario.ca/page/apply-ohip-and-get-health-card",
    examples=("OHIP 6132-408-579-KX", "RAMQ : TREM 8503 1217", "health card: 6132408579"),
    not_examples=("6132408579", "OHIP 61324"),
)
