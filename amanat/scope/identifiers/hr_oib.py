"""Croatian personal number (OIB): ten digits and a check digit."""

from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{11}",),
    groups=("11",),
    check="mod11_10",
    field="national_id",
    is_strong=True,
    stdnum="hr.oib",
    headers=("oib", "osobni identifikacijski broj", *NATIONAL),
    belief=0.2,
    source="https://www.porezna-uprava.hr/HR_OIB/",
    examples=("OIB 87031421759", "oib: 49207184301"),
    not_examples=("OIB 87031421750", "87031421759"),
)
