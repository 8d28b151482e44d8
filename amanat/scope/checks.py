"""Shared checks of compact values: check digits, and the ranges that issuers never give out.

An identifier's file names one of `CHECKS`. Compact values are numbers 0..35 for 0-9 and A-Z.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM110
# mypy: ignore-errors

from amanat.scope.compiled import counted_by_caller

CHECKS = {"none": 0, "luhn": 1, "iban": 2, "fr_nir": 3, "weighted": 4, "us_ssn": 5, "br_cpf": 6, "not_uniform": 7, "uk_nino": 8, "mod11_10": 9}


@counted_by_caller
def _luhn(v, n):
    total = 0
    is_second = False
    for i in range(n - 1, -1, -1):
        d = np_int(v[i])
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
def _iban(v, n):
    rest = 0
    for i in range(n):
        d = np_int(v[(i + 4) % n])
        rest = (rest * 10 + d) % 97 if d < 10 else (rest * 100 + d) % 97
    return rest == 1


@counted_by_caller
def _nir(v, n):
    # Corsica writes 2A and 2B where other departments have digits; the key counts them as 19 and 18.
    number = 0
    for i in range(13):
        d = np_int(v[i])
        if d >= 10:
            if i != 6:
                return False
            # 2A is 19 and 2B is 18: twenty less one or two, for this digit and the one before.
            number = number * 10 + (-1 if d == 10 else -2)
            continue
        number = number * 10 + d
    month = np_int(v[3]) * 10 + np_int(v[4])
    if month == 0 or (month > 12 and month < 20) or (month > 42 and month < 50):
        return False
    if n == 13:
        return True
    return 97 - number % 97 == np_int(v[13]) * 10 + np_int(v[14])


@counted_by_caller
def _is_uniform(v, n):
    for i in range(1, n):
        if v[i] != v[0]:
            return False
    return True


@counted_by_caller
def _weighted(v, n, weights, modulus, rule):
    """The last digit checks the weighted sum of those before it. Rule 0: rest, or modulus less rest from 2 on; 1: modulus less rest, 10 is 0."""
    total = 0
    for i in range(n - 1):
        total += np_int(v[i]) * weights[i]
    rest = total % modulus
    if rule == 0:
        wanted = rest if rest < 2 else modulus - rest
    else:
        wanted = (modulus - rest) % modulus
        if wanted == 10:
            wanted = 0
    return np_int(v[n - 1]) == wanted and not _is_uniform(v, n)


@counted_by_caller
def _ssn(v, n):
    area = np_int(v[0]) * 100 + np_int(v[1]) * 10 + np_int(v[2])
    group = np_int(v[3]) * 10 + np_int(v[4])
    serial = np_int(v[5]) * 1000 + np_int(v[6]) * 100 + np_int(v[7]) * 10 + np_int(v[8])
    return area != 0 and area != 666 and area < 900 and group != 0 and serial != 0 and not _is_uniform(v, n)


@counted_by_caller
def _cpf(v, n):
    for length in range(9, 11):
        total = 0
        for i in range(length):
            total += np_int(v[i]) * (length + 1 - i)
        if (total * 10) % 11 % 10 != np_int(v[length]):
            return False
    return not _is_uniform(v, n)


@counted_by_caller
def _nino(v, n):
    # BG, GB, KN, NK, NT, TN and ZZ are not used as prefixes.
    a, b = np_int(v[0]) + 55, np_int(v[1]) + 55
    for x, y in ((66, 71), (71, 66), (75, 78), (78, 75), (78, 84), (84, 78), (90, 90)):
        if a == x and b == y:
            return False
    return True


@counted_by_caller
def _mod11_10(v, n):
    """ISO 7064 Mod 11,10."""
    check = 5
    for i in range(n):
        check = ((10 if check == 0 else check) * 2 % 11 + np_int(v[i])) % 10
    return check == 1 and not _is_uniform(v, n)


@counted_by_caller
def passes(check, v, n, weights, modulus, rule):
    """Whether the first n values of v pass the check with this number in CHECKS."""
    if check == 0:
        return True
    if check == 1:
        return _luhn(v, n) and not _is_uniform(v, n)
    if check == 2:
        return _iban(v, n)
    if check == 3:
        return _nir(v, n)
    if check == 4:
        return _weighted(v, n, weights, modulus, rule)
    if check == 5:
        return _ssn(v, n)
    if check == 6:
        return _cpf(v, n)
    if check == 7:
        return not _is_uniform(v, n)
    if check == 8:
        return _nino(v, n)
    if check == 9:
        return _mod11_10(v, n)
    return False
