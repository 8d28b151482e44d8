"""Shared checks of compact values: check digits, days, and the ranges that issuers never give out.

An identifier's file names one of `CHECKS`, or writes down its sums and days (`check_digits.py`), or both.
Compact values are numbers 0..35 for 0-9 and A-Z.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM110
# mypy: ignore-errors

import numpy as np

from amanat.scope.check_digits import NEXT
from amanat.scope.compiled import counted_by_caller

CHECKS = {"none": 0, "luhn": 1, "iban": 2, "fr_nir": 3, "verhoeff": 4, "us_ssn": 5, "br_cpf": 6, "not_uniform": 7, "uk_nino": 8, "mod11_10": 9}

NOT_UNIFORM = CHECKS["not_uniform"]

# Verhoeff's tables: the product of two digits in the dihedral group, and how a digit is turned at its place.
_PRODUCT = np.zeros((10, 10), np.uint8)
for _a in range(5):
    for _b in range(5):
        _PRODUCT[_a, _b], _PRODUCT[_a, _b + 5] = (_a + _b) % 5, 5 + (_a + _b) % 5
        _PRODUCT[_a + 5, _b], _PRODUCT[_a + 5, _b + 5] = 5 + (_a - _b) % 5, (_a - _b) % 5
_TURNED = np.zeros((8, 10), np.uint8)
_TURNED[0] = range(10)
for _place in range(1, 8):
    _TURNED[_place] = _TURNED[_place - 1][[1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]


@counted_by_caller
def _luhn(st, n):
    total = 0
    is_second = False
    for i in range(n - 1, -1, -1):
        d = np_int(st.compact[i])
        if is_second:
            d *= 2
            if d > 9:
                d -= 9
        total += d
        is_second = not is_second
    return total % 10 == 0


@counted_by_caller
def np_int(x):
    return int(x)


@counted_by_caller
def _iban(st, n):
    rest = 0
    for i in range(n):
        d = np_int(st.compact[(i + 4) % n])
        rest = (rest * 10 + d) % 97 if d < 10 else (rest * 100 + d) % 97
    return rest == 1


@counted_by_caller
def _nir(st, n):
    # Corsica writes 2A and 2B where other departments have digits; the key counts them as 19 and 18.
    number = 0
    for i in range(13):
        d = np_int(st.compact[i])
        if d >= 10:
            if i != 6:
                return False
            # 2A is 19 and 2B is 18: twenty less one or two, for this digit and the one before.
            number = number * 10 + (-1 if d == 10 else -2)
            continue
        number = number * 10 + d
    month = np_int(st.compact[3]) * 10 + np_int(st.compact[4])
    if month == 0 or (month > 12 and month < 20) or (month > 42 and month < 50):
        return False
    if n == 13:
        return True
    return 97 - number % 97 == np_int(st.compact[13]) * 10 + np_int(st.compact[14])


@counted_by_caller
def _is_uniform(st, n):
    for i in range(1, n):
        if st.compact[i] != st.compact[0]:
            return False
    return True


@counted_by_caller
def _verhoeff(st, n):
    check = 0
    for i in range(n):
        check = np_int(_PRODUCT[check, _TURNED[i % 8, st.compact[n - 1 - i]]])
    return check == 0 and not _is_uniform(st, n)


@counted_by_caller
def _fits_sums(T, me, st, n):
    """Whether the value has the check characters that its identifier's sums ask for."""
    s, until = T.sum_from[me], T.sum_until[me]
    while s < until:
        if (T.sum_length[s] != 0 and T.sum_length[s] != n) or not (T.sum_starts[s] >> np.uint64(st.compact[0])) & np.uint64(1):
            s += 1
            continue
        total = T.sum_plus[s]
        for i in range(n):
            total += np_int(T.sum_parts[s, n - 1 - i, st.compact[i]])
        left = total % T.sum_modulus[s]
        if T.sum_at[s] == 0:
            fits = left == 0
        else:
            wanted = T.sum_gives[s, left]
            if wanted == NEXT:
                s += 1
                continue
            fits = wanted == st.compact[n - T.sum_at[s]]
        if not fits and not T.sum_or_next[s]:
            return False
        s += T.sum_skip[s] if fits else 1
    return not _is_uniform(st, n)


@counted_by_caller
def _two(st, at):
    return np_int(st.compact[at]) * 10 + np_int(st.compact[at + 1])


@counted_by_caller
def _has_day(T, me, st, n):
    """Whether the digits that stand for a day can be one. In a year of two digits the century is not known: 00 may have been a leap year."""
    for k in range(T.day_length[me].size):
        if T.day_length[me, k] != n:
            continue
        month, day = T.month_of[me, _two(st, T.month_at[me, k])], T.day_of[me, _two(st, T.day_at[me, k])]
        if month == 0 or day == 0:
            return False
        if day == 31 and (month == 4 or month == 6 or month == 9 or month == 11):
            return False
        if month == 2:
            is_leap = T.year_at[me, k] < 0 or _two(st, T.year_at[me, k]) % 4 == 0
            return day <= (29 if is_leap else 28)
        return True
    return True


@counted_by_caller
def _ssn(st, n):
    area = np_int(st.compact[0]) * 100 + np_int(st.compact[1]) * 10 + np_int(st.compact[2])
    group = np_int(st.compact[3]) * 10 + np_int(st.compact[4])
    serial = np_int(st.compact[5]) * 1000 + np_int(st.compact[6]) * 100 + np_int(st.compact[7]) * 10 + np_int(st.compact[8])
    return area != 0 and area != 666 and area < 900 and group != 0 and serial != 0 and not _is_uniform(st, n)


@counted_by_caller
def _cpf(st, n):
    for length in range(9, 11):
        total = 0
        for i in range(length):
            total += np_int(st.compact[i]) * (length + 1 - i)
        if (total * 10) % 11 % 10 != np_int(st.compact[length]):
            return False
    return not _is_uniform(st, n)


@counted_by_caller
def _nino(st, n):
    # BG, GB, KN, NK, NT, TN and ZZ are not used as prefixes.
    a, b = np_int(st.compact[0]) + 55, np_int(st.compact[1]) + 55
    for x, y in ((66, 71), (71, 66), (75, 78), (78, 75), (78, 84), (84, 78), (90, 90)):
        if a == x and b == y:
            return False
    return True


@counted_by_caller
def _mod11_10(st, n):
    """ISO 7064 Mod 11,10."""
    check = 5
    for i in range(n):
        check = ((10 if check == 0 else check) * 2 % 11 + np_int(st.compact[i])) % 10
    return check == 1 and not _is_uniform(st, n)


@counted_by_caller
def passes(T, me, st, n):
    """Whether the first n characters of the run pass everything that the identifier with this number asks for."""
    if not _passes(T.check[me], st, n):
        return False
    if T.sum_from[me] < T.sum_until[me] and not _fits_sums(T, me, st, n):
        return False
    return T.day_length[me, 0] == 0 or _has_day(T, me, st, n)


@counted_by_caller
def _passes(check, st, n):
    if check == 0:
        return True
    if check == 1:
        return _luhn(st, n) and not _is_uniform(st, n)
    if check == 2:
        return _iban(st, n)
    if check == 3:
        return _nir(st, n)
    if check == 4:
        return _verhoeff(st, n)
    if check == 5:
        return _ssn(st, n)
    if check == 6:
        return _cpf(st, n)
    if check == 7:
        return not _is_uniform(st, n)
    if check == 8:
        return _nino(st, n)
    if check == 9:
        return _mod11_10(st, n)
    return False
