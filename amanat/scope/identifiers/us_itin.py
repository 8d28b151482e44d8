"""United States individual taxpayer number (ITIN): 9, two digits, a group from 50 on, and four digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="tin",
    patterns=(r"9\d{2}[578]\d{5}", r"9\d{2}6[0-5]\d{4}", r"9\d{2}9[0-24-9]\d{4}"),
    groups=("9", "3-2-4"),
    separators="- ",
    check="not_uniform",
    field="national_id",
    is_strong=True,
    stdnum="us.itin",
    headers=("itin", "individual taxpayer identification number"),
    belief=0.6,
    belief_bare=0.0,
    belief_near=0.95,
    belief_headed=0.98,
    source="https://www.irs.gov/tin/itin",
    examples=("ITIN 931-72-0418", "931-72-0418"),
    not_examples=("931-42-0418", "931720418"),
)
