"""Serial number of a mobile telephone (IMEI): fourteen digits and a check digit."""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="device",
    patterns=(r"\d{15}",),
    groups=("15", "2-6-6-1", "6-2-6-1", "8-6-1"),
    separators=" -/",
    check="luhn",
    stdnum="imei",
    headers=("imei", "imei number", "imei no"),
    belief=0.0,
    source="https://www.gsma.com/solutions-and-impact/industry-services/device-services/",
    examples=("IMEI 35 314021 870931 6",),
    not_examples=("IMEI 35 314021 870931 0", "35 314021 870931 6"),
)
