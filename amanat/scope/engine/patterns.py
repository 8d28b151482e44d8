"""Runs of letters and digits over single separators, tried against the patterns of the identifiers; and fixed beginnings.

A run is read once. For each of its first groups (so that a number behind a card does not swallow it) the lengths of
the groups make one number, under which the tables keep the few patterns that can fit.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM110
# mypy: ignore-errors

import numpy as np

from amanat.scope.checks import NOT_UNIFORM, passes
from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.engine.layout import LONGEST
from amanat.scope.engine.letters import CLASS, DIGIT, LETTER, is_glued_left, is_glued_right
from amanat.scope.engine.state import BELIEF_MIN, COMPACT_MAX, GROUPS_MAX, has_no_company, is_headed, key_as_is, put, trust
from amanat.scope.engine.words import may_hold
from amanat.scope.siphash import siphash


@counted_by_caller
def _read_run(b, s, st):
    """Reads letters and digits from s on into the state; gives the number of groups.

    For each group: where it ends, characters so far, which of them are letters (bits), separators and cases so far
    (bits), and the number that stands for the lengths of the groups.
    """
    end = st.end
    groups = 0
    n = 0
    used = 0
    case = 0
    letters = np.uint64(0)
    number = np.uint64(1)
    j = s
    while groups < GROUPS_MAX and n < COMPACT_MAX:
        before = n
        has_digit = False
        while j < end and n < COMPACT_MAX:
            c = b[j]
            k = CLASS[c]
            if k == DIGIT:
                st.compact[n] = c - 48
                st.text[n] = c
                has_digit = True
            elif k == LETTER:
                if c >= 97:
                    case |= 2
                    c -= 32
                else:
                    case |= 1
                st.compact[n] = c - 55
                st.text[n] = c
                letters |= np.uint64(1) << np.uint64(n & 63)
            else:
                break
            n += 1
            j += 1
        size = n - before
        if size == 0 or (groups > 0 and not has_digit and size > 4):
            break
        number = number * np.uint64(32) + np.uint64(min(size, 31))
        st.ends[groups] = j
        st.counts[groups] = n
        st.letters[groups] = letters
        st.separators[groups] = used
        st.cases[groups] = case
        st.numbers[groups] = number
        groups += 1
        if j + 1 >= end or CLASS[b[j + 1]] == 0 or CLASS[b[j + 1]] > LETTER:
            break
        c = b[j]
        if c == 32:
            used |= 1
        elif c == 45:
            used |= 2
        elif c == 46:
            used |= 4
        elif c == 47:
            used |= 8
        else:
            break
        j += 1
    return groups


@counted_by_caller
def _patterns_of(T, number, lone):
    """From and until of the patterns for groups of these lengths; the same when there are none. `lone`: only those that need no word nearby."""
    mask = np.uint64(T.signature_key.size - 1)
    at = (number ^ (number >> np.uint64(17))) & mask
    while T.signature_key[at] != 0:
        if T.signature_key[at] == number:
            return T.signature_first[at], T.signature_lone[at] if lone else T.signature_until[at]
        at = (at + np.uint64(1)) & mask
    return np.int64(0), np.int64(0)


@inlined
def _fits(T, row, st, g):
    """Whether the first groups fit one pattern: first which characters are letters, then each character."""
    letters = st.letters[g]
    if T.pattern_must[row] & ~letters or letters & ~T.pattern_may[row] or st.separators[g] & ~T.pattern_separators[row]:
        return False
    if T.pattern_is_plain[row]:
        return True
    for k in range(T.pattern_length[row]):
        if not (T.pattern_sets[row, k] >> np.uint64(st.compact[k])) & np.uint64(1):
            return False
    return True


@counted_by_caller
def _try(b, s, row, g, st, T, known, out):
    """Notes a candidate when the first g + 1 groups, which fit the pattern, pass its check; gives its end when it is sure, else s."""
    length = st.counts[g]
    me = T.pattern_identifier[row]
    # Capitals may be mixed with small letters only where a field says what it holds, and nothing but the field can be asked.
    if st.cases[g] == 3 and not (is_headed(st, me) and T.check[me] == NOT_UNIFORM):
        return s
    if st.cases[g] == 2 and T.only_capitals[me] and not is_headed(st, me):
        return s
    belief, flags = trust(T, st, me, s)
    if g == 0 and flags == 0:
        belief = T.bare[me] * np.float32(0.5 if st.hint > 0 else 1.0)
    # Nobody can ever believe in it: spare the work.
    if belief < BELIEF_MIN and not T.is_compared[me]:
        return s
    e = st.ends[g]
    # Letters beyond ASCII may follow without a blank (Persian); ASCII ones cannot, the group has ended.
    if belief < 0.8 and (is_glued_left(b, st.begin, s) or is_glued_right(b, e, st.end)):
        return s
    # What the register knows is kept even when we hardly believe in it; most is not known, and the filter is quicker than the check.
    n = T.n_key[me] if 0 < T.n_key[me] < length else length
    if st.kept_length != n or st.kept_tag != T.tag[me]:
        st.kept_length, st.kept_tag = n, T.tag[me]
        st.kept_key = siphash(st.text, n, st.k0 ^ T.tag[me], st.k1)
    if belief < BELIEF_MIN and known.size > 1 and not may_hold(known, st.kept_key):
        return s
    if not passes(T, me, st.compact, length):
        return s
    put(out, st, s, e, me, flags, st.kept_key, belief)
    return e if belief >= BELIEF_MIN else s


@counted_by_caller
def at_run(b, s, st, T, known, out):
    """Notes what the run of letters and digits from s on can be; gives the end of the longest sure one, or s."""
    best = s
    st.kept_length = 0
    lone = has_no_company(st, s)
    for g in range(_read_run(b, s, st)):
        length = st.counts[g]
        if length > LONGEST:
            break
        if st.cases[g] == 3 and st.hint == 0:
            continue
        first, until = _patterns_of(T, st.numbers[g], lone)
        for row in range(first, until):
            if T.pattern_length[row] == length and _fits(T, row, st, g):
                best = max(best, _try(b, s, row, g, st, T, known, out))
        for row in range(T.free[length], T.free[length + 1]):
            if _fits(T, row, st, g):
                best = max(best, _try(b, s, row, g, st, T, known, out))
    return best


@inlined
def begins_literal(T, byte):
    """Whether a value with a fixed beginning can begin with this byte."""
    return T.literal_of_byte[np.int64(byte)] < T.literal_of_byte[np.int64(byte) + 1]


@counted_by_caller
def at_literal(b, s, st, T, out):
    """Notes a value with a fixed beginning (`$2b$…`) at s; gives its end, or s."""
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
        while e < st.end and e - begin < most and T.literal_alphabet[row, b[e]]:
            e += 1
        while e > begin + least and (b[e - 1] == 46 or b[e - 1] == 44) and e - begin < most:
            e -= 1
        if e - begin < least or (e < st.end and e - begin == most and T.literal_alphabet[row, b[e]]):
            continue
        me = T.literal_identifier[row]
        belief, flags = trust(T, st, me, s)
        put(out, st, s, e, me, flags, key_as_is(b, s, e, st, T.tag[me]), max(belief, T.alone[me]))
        return e
    return s
