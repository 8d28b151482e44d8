"""Icelandic identity number (kennitala): the day of birth, two digits, a check digit and the century."""

from amanat.scope.check_digits import Sum
from amanat.scope.identifier import NATIONAL, Identifier

IDENTIFIER = Identifier(
    kind="national_id",
    patterns=(r"[0-3]\d{8}[09]",),
    groups=("10", "6-4"),
    separators="- ",
    sums=(Sum(weights=(3, 2, 7, 6, 5, 4, 3, 2, 1, 0), modulus=11),),
    days=("DDMMYY....",),
    field="national_id",
    is_strong=True,
    stdnum="is_.kennitala",
    headers=("kennitala", "kt", "kennitolu", *NATIONAL),
    belief=0.3,
    source="https://www.skra.is/english/people/me-and-my-family/my-registration/id-numbers/",
    examples=("kennitala 140387-2159",),
    not_examples=("kennitala 140387-2151", "140387-2159"),
)
