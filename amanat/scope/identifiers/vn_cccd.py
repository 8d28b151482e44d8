"""Vietnamese citizen card (CCCD): twelve digits, in a field or beside a word that says so."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"0\d{11}",),
    groups=("12",),
    check="not_uniform",
    field="national_id",
    is_strong=True,
    headers=("cccd", "can cuoc cong dan", "so cccd", "căn cước công dân"),
    belief=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://dichvucong.gov.vn/",
    examples=("CCCD 001187014021",),
    not_examples=("001187014021", "CCCD 0011"),
)
