"""United States Medicare beneficiary number (MBI): eleven letters and digits in fixed places."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="health_insurance",
    patterns=(r"[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y]\d{2}",),
    groups=("11", "4-3-4"),
    separators="- ",
    is_strong=True,
    headers=("mbi", "medicare beneficiary", "medicare id", "medicare number"),
    belief=0.9,
    belief_near=0.97,
    belief_headed=0.99,
    source="https://www.cms.gov/medicare/new-medicare-card/understanding-the-mbi-format",
    examples=("3KM7-RT4-WX21", "MBI: 3km7rt4wx21"),
    not_examples=("3BM7-RT4-WX21",),
)
