"""What a byte is: digit, letter, part of a wider character, or a mark; and what stands around a value."""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM110
# mypy: ignore-errors

import numpy as np

from amanat.scope.compiled import counted_by_caller, inlined

# Of a byte: digit, letter, or part of a character beyond ASCII; 0 is a mark.
DIGIT, LETTER, WIDE = 1, 2, 4
CLASS = np.zeros(256, np.uint8)
CLASS[[*b"0123456789"]] = DIGIT
CLASS[[*b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]] = LETTER
CLASS[128:] = WIDE
HEX = np.zeros(256, np.uint8)
HEX[[*b"0123456789abcdefABCDEF"]] = 1
LOWER = np.arange(256).astype(np.uint8)
LOWER[65:91] += 32

# Marks that may stand between two numbers of one value.
JOINS = np.zeros(256, np.uint8)
JOINS[[*b" -./()"]] = 1

FIELD = 0x1F  # stands between the fields of a record


@inlined
def is_glued_left(b, begin, s):
    """Whether what begins at s is the rest of something longer (`order-2024-…`, `x_12`)."""
    if s <= begin:
        return False
    p = b[s - 1]
    if p == 95 or p == 43 or p == 64:  # _ + @
        return True
    return (p == 45 or p == 46 or p == 47) and s - 2 >= begin and CLASS[b[s - 2]] != 0


@inlined
def is_glued_right(b, e, end):
    """Whether what ends at e goes on as something longer."""
    if e >= end:
        return False
    c = b[e]
    if c == 95 or c == 64:
        return True
    return (c == 45 or c == 46 or c == 47) and e + 1 < end and CLASS[b[e + 1]] != 0


@counted_by_caller
def has_class(b, s, e, k):
    """Whether a byte of this class stands in s..e."""
    for j in range(s, e):
        if CLASS[b[j]] == k:
            return True
    return False


@counted_by_caller
def trimmed(b, s, e):
    """The place without blanks and quotes around it."""
    while s < e and (b[s] <= 32 or b[s] == 34 or b[s] == 39):
        s += 1
    while e > s and (b[e - 1] <= 32 or b[e - 1] == 34 or b[e - 1] == 39):
        e -= 1
    return s, e


@counted_by_caller
def is_hex_digest(b, s, e):
    """Whether s..e is a hexadecimal number as long as digests are."""
    n = e - s
    if n != 32 and n != 40 and n != 56 and n != 64 and n != 96 and n != 128:
        return False
    for j in range(s, e):
        if not HEX[b[j]]:
            return False
    return True


@counted_by_caller
def is_nothing(b, s, e):
    """Whether a field holds one of the words for nothing."""
    n = e - s
    if n <= 0:
        return True
    x = LOWER[b[s]]
    if n == 1:
        return x == 45 or x == 63 or x == 46
    y = LOWER[b[s + 1]]
    if n == 2 and b[s] == 92 and b[s + 1] == 78:  # \N
        return True
    if n == 3:
        z = LOWER[b[s + 2]]
        return (x == 110 and (y == 47 or y == 97) and z == (97 if y == 47 else 110)) or (x == 42 and y == 42)  # n/a nan **
    if n == 4:
        z, w = LOWER[b[s + 2]], LOWER[b[s + 3]]
        return x == 110 and ((y == 117 and z == 108 and w == 108) or (y == 111 and z == 110 and w == 101))  # null none
    for j in range(s, e):
        if b[j] != 42 and b[j] != 46 and b[j] != 120 and b[j] != 88:
            return False
    return True
