"""South Korean driving licence: the region, the year, six digits and two digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="dl_state_id",
    patterns=(r"1[1-9]\d{10}", r"2[0-68]\d{10}"),
    groups=("12", "2-2-6-2"),
    separators="- ",
    check="not_uniform",
    headers=("운전면허", "운전면허번호", "korean driver license"),
    belief=0.55,
    belief_bare=0.0,
    belief_near=0.85,
    belief_headed=0.95,
    source="https://www.koroad.or.kr/",
    examples=("운전면허번호 11-07-314021-87",),
    not_examples=("운전면허번호 31-07-314021-87", "110731402187"),
)
