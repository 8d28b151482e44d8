"""Moroccan identity card (CIN): one or two letters and five or six digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[A-Z]\d{6}", r"[A-Z]{2}\d{5}", r"[A-Z]{2}\d{6}", r"[A-Z]\d{5}"),
    groups=("7", "8", "6", "1-6", "2-5", "2-6", "1-5"),
    separators=" ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("cin", "cnie", "carte d identite nationale", "رقم البطاقة الوطنية"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.cnie.ma/",
    examples=("CIN BK314021", "CNIE : J871403"),
    not_examples=("BK314021", "CIN BK31"),
)
