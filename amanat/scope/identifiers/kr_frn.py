"""South Korean registration number of a foreigner: the day of birth, sex and century, and six digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{6}[5-8]\d{6}",),
    groups=("13", "6-7"),
    separators="-",
    days=("YYMMDD.......",),
    field="national_id",
    is_strong=True,
    headers=("frn", "외국인등록번호", "alien registration number", "arc number"),
    # Numbers given out since October 2020 have no check digit.
    belief=0.6,
    belief_bare=0.25,
    belief_near=0.95,
    belief_headed=0.98,
    source="https://www.law.go.kr/ (출입국관리법)",
    examples=("FRN 870314-6175402", "외국인등록번호 9207185430258"),
    not_examples=("FRN 871314-6175402", "8703146175402"),
)
