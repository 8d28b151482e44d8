"""Bangladeshi national identity number: ten, thirteen or seventeen digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{10}", r"\d{13}", r"19\d{15}", r"20\d{15}"),
    groups=("10", "13", "17"),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("nid", "nid number", "nid no", "bangladesh nid", "জাতীয় পরিচয়পত্র"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://services.nidw.gov.bd/",
    examples=("NID no 3140218709", "NID number 19873140218709314"),
    not_examples=("3140218709", "NID no 3140"),
)
