"""Maps: one bit for each byte of the text, so that the end of a word or number is found by one instruction and not byte by byte.

Row by row of eight columns: a row is about 64 bytes of the text, a column about one sort of byte; the first byte is the lowest bit.
"""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

import numpy as np

from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.eight_bytes import n_bits, n_zeros_below, which_of_64
from amanat.scope.engine.letters import CLASS, DIGIT, FIELD, JOINS, LETTER, WIDE

# Columns. CHAIN: digits and the marks that may stand between two numbers of one value. STOPS: bytes at which something can begin.
# BORDERS: between fields.
TOKEN, DIGITS, LETTERS, WIDES, CAPITALS, CHAIN, STOPS, BORDERS = range(8)
COLUMNS = 8
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)


@counted_by_caller
def draw_maps(b, begin, end, T, maps):
    """Draws the maps of b[begin:end]; in the first and last row perhaps of some bytes around."""
    for row in range(begin >> 6, (end + 63) >> 6):
        i = row << 6
        if i + 64 > b.size:
            _draw_last(b, i, T, maps)
            continue
        digits = which_of_64(b, i, 48, 10)
        capitals = which_of_64(b, i, 65, 26)
        letters = capitals | which_of_64(b, i, 97, 26)
        wides = which_of_64(b, i, 128, 128)
        stops = np.uint64(0)
        for k in range(T.n_stops):
            stops |= which_of_64(b, i, T.stops[k], 1)
        at = row * COLUMNS
        maps[at + TOKEN] = digits | letters
        maps[at + DIGITS] = digits
        maps[at + LETTERS] = letters
        maps[at + WIDES] = wides
        maps[at + CAPITALS] = capitals
        maps[at + CHAIN] = digits | which_of_64(b, i, 32, 1) | which_of_64(b, i, 40, 2) | which_of_64(b, i, 45, 3)
        maps[at + STOPS] = stops | digits | letters | wides
        maps[at + BORDERS] = which_of_64(b, i, FIELD, 1)


@counted_by_caller
def _draw_last(b, begin, T, maps):
    """The same byte by byte, where fewer than 64 are left."""
    at = (begin >> 6) * COLUMNS
    for column in range(COLUMNS):
        maps[at + column] = 0
    for i in range(begin, b.size):
        bit = np.uint64(1) << np.uint64(i - begin)
        kind = CLASS[b[i]]
        is_stop = kind != 0
        for k in range(T.n_stops):
            is_stop = is_stop or b[i] == T.stops[k]
        if is_stop:
            maps[at + STOPS] |= bit
        if kind in (DIGIT, LETTER):
            maps[at + TOKEN] |= bit
        if kind == DIGIT:
            maps[at + DIGITS] |= bit
        if kind == LETTER:
            maps[at + LETTERS] |= bit
            if b[i] <= 90:
                maps[at + CAPITALS] |= bit
        if kind == WIDE:
            maps[at + WIDES] |= bit
        if b[i] == FIELD:
            maps[at + BORDERS] |= bit
        if kind == DIGIT or JOINS[b[i]]:
            maps[at + CHAIN] |= bit


@inlined
def _at(i, column):
    return (i >> 6) * COLUMNS + column


@inlined
def end_of(maps, column, i, end):
    """Where the run of such bytes from i on ends."""
    rest = ~maps[_at(i, column)] >> np.uint64(i & 63)
    if rest:
        return min(end, i + n_zeros_below(rest))
    i = (i | 63) + 1
    while i < end and maps[_at(i, column)] == _ALL:
        i += 64
    return end if i >= end else min(end, i + n_zeros_below(~maps[_at(i, column)]))


@inlined
def next_of(maps, column, i, end):
    """The next such byte from i on; `end` when there is none."""
    rest = maps[_at(i, column)] >> np.uint64(i & 63)
    if rest:
        return min(end, i + n_zeros_below(rest))
    i = (i | 63) + 1
    while i < end and maps[_at(i, column)] == 0:
        i += 64
    return end if i >= end else min(end, i + n_zeros_below(maps[_at(i, column)]))


@inlined
def window(maps, column, i, end):
    """The 64 bits from i on, without those from `end` on."""
    shift = np.uint64(i & 63)
    bits = maps[_at(i, column)] >> shift
    if shift and (i | 63) + 1 < end:
        bits |= maps[_at(i, column) + COLUMNS] << (np.uint64(64) - shift)
    return bits if end - i >= 64 else bits & ~(_ALL << np.uint64(end - i))


@inlined
def n_chained_digits(maps, i, end):
    """How many digits stand in the chain of digits and marks between numbers that begins at i; at most 64 bytes are looked at."""
    chain = window(maps, CHAIN, i, end)
    digits = window(maps, DIGITS, i, end)
    if ~chain:
        digits &= ~(_ALL << np.uint64(n_zeros_below(~chain)))
    return n_bits(digits)
