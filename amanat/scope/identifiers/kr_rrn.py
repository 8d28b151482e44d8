"""South Korean resident registration number: the day of birth, sex and century, and six digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{6}[1-4]\d{6}",),
    groups=("13", "6-7"),
    separators="-",
    days=("YYMMDD.......",),
    field="national_id",
    is_strong=True,
    headers=("rrn", "jumin", "주민등록번호", "resident registration number"),
    # Numbers given out since October 2020 have no check digit.
    belief=0.6,
    belief_bare=0.25,
    belief_near=0.95,
    belief_headed=0.98,
    source="https://www.law.go.kr/ (주민등록법 시행규칙)",
    examples=("RRN 870314-2175402", "주민등록번호 9207181430258"),
    not_examples=("RRN 871314-2175402", "8703142175402"),
)
