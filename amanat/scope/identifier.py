"""Identifier: one kind of value that can be found in a text, with its shape, its check and its own proof.

The members live in `identifiers/`, one file each. The scan compiles their shapes into tables; nothing else has
to be changed for one more.
"""

from collections.abc import Callable
from dataclasses import dataclass

from amanat.lib.errors import Fixable
from amanat.lib.open_set import OpenSet
from amanat.scope.check_digits import Sum
from amanat.scope.checks import CHECKS
from amanat.terms.kinds import KINDS

MEMBERS = OpenSet("scope/identifiers", "IDENTIFIER")

# What the scan looks for.
#   compact  letters and digits that fit `patterns` once separators are left out
#   literal  a fixed beginning, then characters of one alphabet (`$2b$…`)
#   word     whatever stands in a field with one of our headers, or after one of our labels, up to a blank
#   line     the same, up to the end of the line
#   email phone date ip mac coordinates name given_name family_name address address_part   each has its own reader in the scan
FORMS = (
    "compact",
    "literal",
    "word",
    "line",
    "email",
    "phone",
    "date",
    "ip",
    "mac",
    "coordinates",
    "name",
    "given_name",
    "family_name",
    "address",
    "address_part",
)

# Findings with less belief are kept only when the register knows the value.
BELIEF_MIN = 0.5

# Names of columns for the number of a person's state, wherever that is. Only numbers with a check digit may name them.
NATIONAL = ("national id", "national number", "id number", "national identity number", "numero nacional de identidad", "numero d identite")


class BadIdentifier(Fixable):
    """An identifier's file says something that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """One kind of value.

    `patterns` is a small part of regular expressions over the value without separators, upper case: `\\d`, `[…]`,
    letters, digits and `{n}`. `headers` are names of columns, fields and labels, in any language, folded to lower
    case with blanks for `_`; one that begins with `=` must be the whole name. `words` make a value nearby more likely,
    `other_words` one right behind them less.
    """

    kind: str  # one of terms/kinds.py; "" for what names the person of a record and is no kind of data by itself
    source: str  # where the shape and the check are defined
    form: str = "compact"  # one of FORMS
    patterns: tuple[str, ...] = ()
    literals: tuple[tuple[str, int, int], ...] = ()  # beginning, least and most characters after it
    alphabet: str = ""  # for literals: characters after the beginning, as in a regular expression's [...]
    never: tuple[tuple[str, str], ...] = ()  # for a beginning: characters that none of its values has; what has them is passed over
    groups: tuple[str, ...] = ()  # how the value may be grouped ("3-2-4"); empty: in any way
    separators: str = " -."
    check: str = "none"  # one of checks.CHECKS
    sums: tuple[Sum, ...] = ()  # check digits
    days: tuple[str, ...] = ()  # where a day stands, for each length: "YYMMDD....", years of two or four digits
    month_offsets: tuple[int, ...] = (0,)  # what is added to the month, for a century or a sex
    day_offsets: tuple[int, ...] = (0,)
    is_valid: Callable[[str], bool] | None = None  # asked last, of the few candidates that stand: for what no table can say
    stdnum: str = ""  # the module of python-stdnum that judges ours in the tests
    n_key: int = 0  # only so many characters identify (0: all); the rest is a check that people leave out
    field: str = ""  # values with the same field are compared with each other and with this register column
    is_strong: bool = False  # a value belongs to one person (or household): it can name whose record this is
    only_capitals: bool = False  # small letters are words, unless a header says otherwise (`is 0999` beside a number plate)
    needs_digit: bool = False  # for `word` and `line`: a value without a digit is none
    headers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    other_words: tuple[str, ...] = ()  # a value right behind one of these, or in a column so named, is mostly something else
    belief: float = 0.9  # that a value is what it seems: alone,
    belief_bare: float | None = None  # alone and written without separators; None: as alone
    belief_near: float = 0.95  # near one of our words,
    belief_headed: float = 0.99  # or in a field with our header
    examples: tuple[str, ...]  # made-up texts in which it is found
    not_examples: tuple[str, ...]  # texts in which it is not

    def __post_init__(self) -> None:
        if self.kind and self.kind not in KINDS:
            raise BadIdentifier(f"an identifier has the kind {self.kind!r}, which is not in terms/kinds.py")
        if self.form not in FORMS:
            raise BadIdentifier(f"an identifier has the form {self.form!r}; there are {', '.join(FORMS)}")
        if self.check not in CHECKS:
            raise BadIdentifier(f"an identifier names the check {self.check!r}; there are {', '.join(CHECKS)}")
        if self.form == "compact" and not self.patterns:
            raise BadIdentifier("an identifier of the form 'compact' needs patterns")
        if not self.source:
            raise BadIdentifier("an identifier names its source")


def identifiers() -> dict[str, Identifier]:
    """Every identifier, by name."""
    return MEMBERS.load()
