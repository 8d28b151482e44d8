"""Philippine identity number (PhilSys): twelve or sixteen digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{12}", r"\d{16}"),
    groups=("12", "16", "4-4-4", "4-4-4-4"),
    separators="- ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("philsys", "philsys number", "psn", "pcn", "philid", "crn", "umid"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://philsys.gov.ph/",
    examples=("PhilSys 3140-2187-0923", "UMID 003140218709"),
    not_examples=("3140-2187-0923", "PhilSys 3140"),
)
