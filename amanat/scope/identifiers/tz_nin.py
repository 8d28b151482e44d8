"""Tanzanian national identification number (NIN): the day of birth and twelve digits."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"19\d{18}", r"20\d{18}"),
    groups=("20", "8-5-5-2"),
    separators="-",
    days=("YYYYMMDD............",),
    field="national_id",
    is_strong=True,
    headers=("nin", "nida", "nida number"),
    belief=0.7,
    belief_near=0.95,
    belief_headed=0.98,
    source="https://www.nida.go.tz/",
    examples=("NIDA 19870314-11402-00018-27",),
    not_examples=("NIDA 19871314-11402-00018-27",),
)
