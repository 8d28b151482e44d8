"""The slow, obvious way to ask whether a number is of an identifier: a regular expression, then its check read word by word."""

import re

from stdnum import iban, luhn, verhoeff
from stdnum.br import cpf
from stdnum.fr import nir
from stdnum.iso7064 import mod_11_10

from amanat.scope.check_digits import ALNUM, Sum
from amanat.scope.fold import fold_text
from amanat.scope.identifier import Identifier

_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def compact(text: str) -> str:
    return re.sub(r"[ .\-/]", "", fold_text(text)).upper()


def fits(member: Identifier, number: str) -> bool:
    """Whether a number without separators has the shape, the check digits and the day that its identifier asks for."""
    if not any(re.fullmatch(pattern, number) for pattern in member.patterns):
        return False
    if (member.check != "none" or member.sums) and len(set(number)) == 1:
        return False
    return _passes(member.check, number) and _fits_sums(list(member.sums), number) and _has_day(member, number)


def _passes(check: str, number: str) -> bool:
    match check:
        case "none" | "not_uniform":
            return True
        case "luhn":
            return luhn.is_valid(number)
        case "verhoeff":
            return verhoeff.is_valid(number)
        case "iban":
            return iban.is_valid(number, check_country=False)
        case "mod11_10":
            return mod_11_10.is_valid(number)
        case "br_cpf":
            return cpf.is_valid(number)
        case "fr_nir":
            return nir.is_valid(number)
        case "us_ssn":
            return number[:3] not in ("000", "666") and number < "9" and number[3:5] != "00" and number[5:] != "0000"
        case "uk_nino":
            return number[:2] not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")
    raise AssertionError(f"the judge does not know the check {check!r}")


def _total(one: Sum, number: str) -> int:
    total = one.plus
    weights = ([0] * len(number) + list(one.weights))[-len(number) :]
    for place, (character, weight) in enumerate(zip(number, weights, strict=True), start=1):
        values = one.odd_values if one.odd_values is not None and place % 2 == 1 else one.values
        product = values.get(character, ALNUM.index(character)) * weight
        total += sum(map(int, str(product))) if one.crosses else product
    return total


def _answer(one: Sum, number: str) -> bool | None:
    """Whether a sum fits; None: ask the next."""
    left = _total(one, number) % one.modulus
    if not one.gives:
        fits = left == 0
    elif one.gives[left : left + 1] == ">":
        return None
    else:
        fits = one.gives[left : left + 1] == number[-one.at]
    return None if not fits and one.or_next else fits


def _fits_sums(sums: list[Sum], number: str) -> bool:
    sums = [s for s in sums if s.length in (0, len(number)) and (not s.starts or number[0] in s.starts)]
    while sums:
        one = sums.pop(0)
        hands_over = one.or_next or ">" in one.gives
        answer = _answer(one, number)
        if answer is False:
            return False
        if answer is None and not (hands_over and sums):
            return False
        while answer and hands_over and sums:
            second = sums.pop(0)
            hands_over = second.or_next or ">" in second.gives
    return True


def _has_day(member: Identifier, number: str) -> bool:
    for template in member.days:
        if len(template) != len(number):
            continue
        year, month, day = ("".join(c for c, t in zip(number, template, strict=True) if t == letter) for letter in "YMD")
        months = [int(month) - offset for offset in member.month_offsets if 1 <= int(month) - offset <= 12]
        days = [int(day) - offset for offset in member.day_offsets if 1 <= int(day) - offset <= 31]
        if not months or not days:
            return False
        longest = 28 if months[-1] == 2 and year and int(year[-2:]) % 4 else _LONGEST[months[-1] - 1]
        return days[-1] <= longest
    return True
