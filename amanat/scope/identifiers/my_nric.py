"""Malaysian identity card (MyKad): the day of birth, the place and four digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{12}",),
    groups=("12", "6-2-4"),
    separators="-",
    days=("YYMMDD......",),
    field="national_id",
    is_strong=True,
    stdnum="my.nric",
    headers=("nric", "mykad", "ic number", "ic no", "no kad pengenalan", "kad pengenalan"),
    belief=0.6,
    belief_bare=0.0,
    belief_near=0.92,
    belief_headed=0.97,
    source="https://www.jpn.gov.my/",
    examples=("MyKad 870314-14-2175", "IC no 920718104302"),
    not_examples=("MyKad 871314-14-2175", "870314142175"),
)
