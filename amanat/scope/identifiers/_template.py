"""One line: what it is, in the words of whoever issues it.

`./run new identifier=xx_name` copies this file; replace every value, then `./run check`.
"""

from amanat.scope.identifier import Identifier

IDENTIFIER = Identifier(
    kind="national_id",  # one of terms/kinds.py
    patterns=(r"\d{8}[A-Z]",),  # without separators, upper case
    groups=("9", "2-3-3-1"),  # how people write it; leave out to allow any grouping
    separators=" -.",
    check="none",  # one of amanat/scope/checks.py, or leave it out and write down
    sums=(),  # its check digits: Sum(weights=(3, 2, 1, 0), modulus=11, gives=less(11, "X")), see amanat/scope/check_digits.py
    days=(),  # and where a day stands: ("YYMMDD...",)
    stdnum="",  # the module of python-stdnum that judges ours in the tests: "xx.name"
    field="national_id",  # the register column it is compared with; "" when there is none
    is_strong=True,  # whether it can name the person of a record
    headers=("name of the column",),  # en, fr, fa, de, es, pt where it is used
    words=("words", "around", "it"),
    other_words=(),  # behind which the same shape is something else: "order number"
    belief=0.3,  # alone; below 0.5 it counts only with a header, with words nearby, or when the register knows it
    source="https://…",  # the official page
    examples=("xx number: 12345678A",),  # made up
    not_examples=("12345678A",),
)
