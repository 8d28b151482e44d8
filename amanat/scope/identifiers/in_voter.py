"""Indian voter number (EPIC): three letters and seven digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="gov_id_other",
    patterns=(r"[A-Z]{3}\d{7}",),
    groups=("10", "3-7"),
    separators=" ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("epic", "voter id", "voter card", "election card", "epic number"),
    words=("voter", "vote"),
    # Its check digit is missing from many old cards.
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.eci.gov.in/",
    examples=("EPIC ARK4120857",),
    not_examples=("ARK4120857", "EPIC ARK412"),
)
