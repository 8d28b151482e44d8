"""Israeli identity number: eight digits and a check digit."""

from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"\d{9}",),
    groups=("9", "8-1"),
    separators="-",
    check="luhn",
    field="national_id",
    is_strong=True,
    stdnum="il.idnr",
    headers=("teudat zehut", "mispar zehut", "תעודת זהות", "מספר זהות", "ת ז", "israeli id", *NATIONAL),
    belief=0.0,
    source="https://www.gov.il/en/departments/population_and_immigration_authority",
    examples=("תעודת זהות 314021189", "teudat zehut 209317478"),
    not_examples=("תעודת זהות 314021180", "314021189"),
)
