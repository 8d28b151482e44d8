"""Check digits and embedded days: how an identifier's file writes down what the issuer lets the characters of a number say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NO, NEXT = 254, 255  # in compiled sums: no character is right; the next sum decides


def rest(modulus: int, ten: str = "-") -> str:
    """The check character is the rest itself; `ten` stands for a rest of 10.

    >>> rest(11, "X")
    '0123456789X'
    """
    return ("0123456789" + ten + "-" * modulus)[:modulus]


def less(modulus: int, ten: str = "-") -> str:
    """The check character is the modulus less the rest; `ten` stands where that is 10.

    >>> less(10), less(11, "K")
    ('0987654321', '0K987654321')
    """
    return "".join(rest(modulus, ten)[-r % modulus] for r in range(modulus))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A weighted sum over all characters, whose rest says what the check character must be.

    `weights` end with the last character; places before them weigh nothing. Characters count 0-9 and A-Z as 10-35, unless `values`
    (or, at the first, third… place from the left, `odd_values`) says otherwise.
    """

    weights: tuple[int, ...]
    modulus: int
    gives: str = ""  # the check character for each rest; "-": none is right; ">": the next sum decides. "": the rest must be 0
    at: int = 1  # place of the check character, counted from the end
    plus: int = 0  # what is added before dividing
    crosses: bool = False  # the digits of a product count one by one, as in Luhn's method
    values: Mapping[str, int] = field(default_factory=dict)
    odd_values: Mapping[str, int] | None = None
    length: int = 0  # only for values of so many characters
    starts: str = ""  # only for values that begin with one of these characters
    or_next: bool = False  # where this one does not fit, the next may


PLACES_MAX = 24


def parts_of(one: Sum, length: int) -> Any:
    """[PLACES_MAX, 36] what each character adds at each place, counted from the end."""
    parts = np.zeros((PLACES_MAX, 36), np.uint16)
    for place, weight in enumerate(reversed(one.weights)):
        is_odd = (length - place) % 2 == 1
        values = one.odd_values if one.odd_values is not None and is_odd else one.values
        for number, character in enumerate(ALNUM):
            product = values.get(character, number) * weight
            if one.crosses:
                product = sum(int(digit) for digit in str(product))
            parts[place, number] = product % one.modulus
    return parts


def skips_of(sums: tuple[Sum, ...]) -> list[int]:
    """How many sums each one answers for when it fits: itself, and those that would have been asked in its place."""
    skips = []
    for i in range(len(sums)):
        n = 1
        while i + n < len(sums) and (sums[i + n - 1].or_next or ">" in sums[i + n - 1].gives):
            n += 1
        skips.append(n)
    return skips


def places_of_day(template: str) -> tuple[int, int, int, int]:
    """Length, and places of the last two digits of the year, of the month and of the day (-1: not there).

    >>> places_of_day(".YYMMDD....")
    (11, 1, 3, 5)
    """
    year = template.find("Y")
    return len(template), (year + template.count("Y") - 2) if year >= 0 else -1, template.find("MM"), template.find("DD")


def shifted(offsets: tuple[int, ...], longest: int) -> Any:
    """[100] what each two digits mean when one of the offsets was added to a number from 1 to `longest`; 0: nothing.

    >>> shifted((0, 50), 12)[[0, 1, 12, 13, 51, 62]].tolist()
    [0, 1, 12, 0, 1, 12]
    """
    table = np.zeros(100, np.uint8)
    for offset in offsets:
        for number in range(1, longest + 1):
            if offset + number < 100:
                table[offset + number] = number
    return table
