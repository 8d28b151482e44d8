"""British driver number: five letters of the name, the day of birth, initials and three more characters."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="dl_state_id",
    patterns=(r"[A-Z9]{5}\d[0156]\d[0-3]\d{2}[A-Z9]{2}[0-9A-Z][A-Z]{2}",),
    groups=("16", "5-6-5", "5-6-3-2"),
    separators=" ",
    days=("......MMDD......",),
    month_offsets=(0, 50),
    headers=("driver number", "driving licence", "driving licence number", "licence number", "dvla number"),
    belief=0.85,
    source="https://www.gov.uk/view-driving-licence",
    examples=("OKORO703147AB9XY", "Licence number: OKORO753147AB9XY"),
    not_examples=("OKORO713327AB9XY",),
)
