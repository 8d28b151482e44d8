"""Runs of letters and digits over single separators, tried against the patterns of the identifiers; and fixed beginnings.

A run is read group by group. The lengths of its first groups (so that a number behind a card does not swallow it) make one
number, its shape, under which the tables keep the few patterns that can fit. They are tried together: each has one bit, and each
character takes away the bits of those that do not allow it.
"""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

import numpy as np

from amanat.scope.checks import NOT_UNIFORM, passes
from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.eight_bytes import n_zeros_below
from amanat.scope.engine.arrays import known_of, maps_of, text_of
from amanat.scope.engine.layout import LONGEST, SHAPE_SLOTS
from amanat.scope.engine.letters import CLASS, DIGIT, LETTER, is_glued_left, is_glued_right
from amanat.scope.engine.maps import CAPITALS, DIGITS, LETTERS, TOKEN, end_of, next_of
from amanat.scope.engine.state import BELIEF_MIN, GROUPS_MAX, is_headed, is_near, key_as_is, put, trust
from amanat.scope.engine.words import may_hold
from amanat.scope.siphash import siphash

# Of a byte: 0-9 and A-Z (in either case) as 0..35; which separator it is.
VALUE = np.zeros(256, np.uint8)
VALUE[48:58] = range(10)
VALUE[65:91] = VALUE[97:123] = range(10, 36)
GLYPH = np.frombuffer(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", np.uint8).copy()
SEPARATOR = np.zeros(256, np.uint8)
SEPARATOR[[*b" -./"]] = 1, 2, 4, 8


# Columns of TABLES' `shapes` and `chunks`: length and first number of a chunk's patterns, its first place in `accepts`, and (bits) which
# of them to try: all, those that need no word and no header beside them, those that are found in a field of something else.
SHAPE, SHAPE_FIRST, SHAPE_UNTIL = range(3)
LENGTH, FIRST, ACCEPTS, ALL, ALONE, ELSEWHERE = range(6)


@inlined
def _slot_of(T, shape):
    """Where this shape, or the beginning of one, stands in the tables; -1: no pattern has it."""
    at = np.int64(shape ^ (shape >> np.uint64(17))) & (SHAPE_SLOTS - 1)
    while T.shapes[at, SHAPE] != 0:
        if T.shapes[at, SHAPE] == np.int64(shape):
            return at
        at = (at + 1) & (SHAPE_SLOTS - 1)
    return np.int64(-1)


@inlined
def _column_of(st, s):
    """Which patterns to try at s, as a column of `chunks`."""
    if is_near(st, s):
        return ALL
    if st.hint > 0:
        return ALL if st.holds_numbers else ELSEWHERE
    return ALONE


@counted_by_caller
def _key_of_run(st, me, length, T):
    """Key of the run's first characters; kept, for the next may ask for the same."""
    n = T.n_key[me] if 0 < T.n_key[me] < length else length
    if st.kept_length != n or st.kept_tag != T.tag[me]:
        for k in range(n):
            st.text[k] = GLYPH[st.compact[k]]
        st.kept_length, st.kept_tag = n, T.tag[me]
        st.kept_key = siphash(st.text, n, st.k0 ^ T.tag[me], st.k1)
    return st.kept_key


@counted_by_caller
def _try(s, e, me, length, case, is_bare, st, T):
    """Notes a candidate when the groups s..e, which fit a pattern, pass its check; gives the end when it is sure, else s."""
    b, known = text_of(st), known_of(st)
    # Capitals may be mixed with small letters only where a field says what it holds, and nothing but the field can be asked.
    if case == 3 and not (is_headed(st, me) and T.check[me] == NOT_UNIFORM):
        return s
    if case == 2 and T.only_capitals[me] and not is_headed(st, me):
        return s
    belief, flags = trust(T, st, me, s)
    if is_bare and flags == 0:
        belief = T.bare[me] * np.float32(0.5 if st.hint > 0 else 1.0)
    # Nobody can ever believe in it: spare the work.
    if belief < BELIEF_MIN and not T.is_compared[me]:
        return s
    # Letters beyond ASCII may follow without a blank (Persian); ASCII ones cannot, the group has ended.
    if belief < 0.8 and (is_glued_left(b, st.begin, s) or is_glued_right(b, e, st.end)):
        return s
    # What the register knows is kept even when we hardly believe in it; most is not known, and the filter is quicker than the check.
    if belief < BELIEF_MIN and known.size > 1 and not may_hold(known, _key_of_run(st, me, length, T)):
        return s
    if not passes(T, me, st, length):
        return s
    put(st, s, e, me, flags, _key_of_run(st, me, length, T), belief)
    return e if belief >= BELIEF_MIN else s


@inlined
def _fitting(T, chunk, tries, used, st, length):
    """Bits: which patterns of the chunk fit the run's first characters."""
    bits = np.uint64(tries)
    if used:
        bits &= T.chunk_separators[chunk, used]
    at = T.chunks[chunk, ACCEPTS]
    for place in range(length):
        bits &= T.accepts[at + place, st.compact[place]]
        if bits == 0:
            break
    return bits


@counted_by_caller
def _compact(i, e, n, st):
    """Writes the letters and digits of i..e behind the first n of the run; gives how many there are then."""
    b = text_of(st)
    while i < e:
        if CLASS[b[i]] != 0:
            st.compact[n] = VALUE[b[i]]
            n += 1
        i += 1
    return n


@counted_by_caller
def at_run(s, st, T):
    """Notes what the run of letters and digits from s on can be; gives the end of the longest sure one, or s."""
    b, maps = text_of(st), maps_of(st)
    end = st.end
    best = s
    column = _column_of(st, s)
    st.kept_length = 0
    n = used = case = n_written = 0
    written = j = s
    shape = np.uint64(1)
    is_free = True  # whether a pattern for any grouping may begin so
    for group in range(GROUPS_MAX):
        e = end_of(maps, TOKEN, j, end)
        size = e - j
        if n + size > LONGEST or (group > 0 and size > 4 and next_of(maps, DIGITS, j, e) == e):
            break
        if next_of(maps, LETTERS, j, e) < e:
            capital = next_of(maps, CAPITALS, j, e) < e
            case |= (1 if capital else 0) | (2 if not capital or _has_small(b, j, e) else 0)
            if case == 3 and st.hint == 0:
                break
        n += size
        shape = shape * np.uint64(32) + np.uint64(min(size, 31))
        slot = _slot_of(T, shape)
        if is_free and n > 1:
            second = b[s + 1] if CLASS[b[s + 1]] != 0 else b[s + 2]
            is_free = T.free_pair[VALUE[b[s]], VALUE[second]] != 0
        if slot >= 0:
            for chunk in range(T.shapes[slot, SHAPE_FIRST], T.shapes[slot, SHAPE_UNTIL]):
                tries = T.chunks[chunk, column]
                if tries and T.chunks[chunk, LENGTH] == n:
                    n_written, written = _compact(written, e, n_written, st), e
                    bits = _fitting(T, chunk, tries, used, st, n)
                    while bits:
                        me = T.pattern_identifier[T.chunks[chunk, FIRST] + n_zeros_below(bits)]
                        bits &= bits - np.uint64(1)
                        best = max(best, _try(s, e, me, n, case, group == 0, st, T))
        elif not is_free:
            break
        if is_free:
            for chunk in range(T.free[n], T.free[n + 1]):
                n_written, written = _compact(written, e, n_written, st), e
                bits = _fitting(T, chunk, T.chunks[chunk, column], used, st, n)
                while bits:
                    me = T.pattern_identifier[T.chunks[chunk, FIRST] + n_zeros_below(bits)]
                    bits &= bits - np.uint64(1)
                    best = max(best, _try(s, e, me, n, case, group == 0, st, T))
        # On over one separator to the next group.
        if e + 1 >= end or SEPARATOR[b[e]] == 0 or CLASS[b[e + 1]] == 0 or CLASS[b[e + 1]] > LETTER:
            break
        used |= SEPARATOR[b[e]]
        j = e + 1
    return best


@counted_by_caller
def _has_small(b, i, e):
    """Whether a small letter stands in i..e."""
    while i < e:
        if 97 <= b[i] <= 122:
            return True
        i += 1
    return False


@inlined
def begins_literal(T, byte):
    """Whether a value with a fixed beginning can begin with this byte."""
    return T.literal_of_byte[np.int64(byte)] < T.literal_of_byte[np.int64(byte) + 1]


@counted_by_caller
def at_literal(s, st, T):
    """Notes a value with a fixed beginning (`$2b$…`) at s; gives its end, or s."""
    b = text_of(st)
    c = np.int64(b[s])
    if CLASS[c] != 0 and s > st.begin and (CLASS[b[s - 1]] == DIGIT or CLASS[b[s - 1]] == LETTER):
        return s
    for row in range(T.literal_of_byte[c], T.literal_of_byte[c + 1]):
        length, least, most = T.literal_length[row], T.literal_least[row], T.literal_most[row]
        begin = s + length
        if begin + least > st.end:
            continue
        fits = True
        for k in range(length):
            if b[s + k] != T.literal_bytes[row, k]:
                fits = False
                break
        if not fits:
            continue
        e = begin
        is_value = True
        while e < st.end and e - begin < most and T.literal_alphabet[row, b[e]]:
            is_value = is_value and T.literal_alphabet[row, b[e]] == 1
            e += 1
        while e > begin + least and (b[e - 1] == 46 or b[e - 1] == 44) and e - begin < most:
            e -= 1
        if e - begin < least or (e < st.end and e - begin == most and T.literal_alphabet[row, b[e]]):
            continue
        if not is_value:
            return e
        me = T.literal_identifier[row]
        belief, flags = trust(T, st, me, s)
        put(st, s, e, me, flags, key_as_is(s, e, st, T.tag[me]), max(belief, T.alone[me]))
        return e
    return s
