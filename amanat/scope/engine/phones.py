"""Telephone numbers, in international and national spelling, by the numbering plans of `phone_plan.py`."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

import numpy as np

from amanat.scope.candidate import ALTERNATIVE
from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.eight_bytes import n_zeros_below
from amanat.scope.engine.arrays import known_of, room_of, text_of
from amanat.scope.engine.letters import CLASS, DIGIT, LETTER
from amanat.scope.engine.state import BELIEF_MIN, DIGITS_MAX, THE_PHONE, is_headed, is_something_else, key_of, put, trust
from amanat.scope.engine.words import may_hold

DIGITS_MIN = 7
# A number of so many digits right behind a label is a telephone number although no numbering plan gives it out.
LABELLED_MIN, LABELLED_MAX, LABELLED = 6, 13, 0.6


@counted_by_caller
def _accepts(T, code, st, first, until):
    """Whether the country's plan gives out digits[first:until]."""
    if code <= 0 or code > 999:
        return False
    state = T.phone_start[code]
    for j in range(first, until):
        state = T.phone_next[state * 10 + st.digits[j]]
        if state == 0:
            return False
    return T.phone_accepts[state] == 1


@counted_by_caller
def _has_length(T, code, n):
    """Whether national numbers of this country may have n digits."""
    return (T.phone_lengths[code] >> n) & 1


@counted_by_caller
def _key(code, st, first, until, tag):
    """Key of the E.164 digits."""
    n = 0
    if code >= 100:
        st.scratch[n] = np.uint8(48 + code // 100)
        n += 1
    if code >= 10:
        st.scratch[n] = np.uint8(48 + code // 10 % 10)
        n += 1
    st.scratch[n] = np.uint8(48 + code % 10)
    n += 1
    for j in range(first, until):
        st.scratch[n] = np.uint8(48 + st.digits[j])
        n += 1
    return key_of(st, n, tag)


@counted_by_caller
def _international(T, st, first, until, is_strict):
    """Calling code and where the national number begins, when digits[first:until] is an international number; else 0.

    Unless strict, a number that no plan gives out counts when it is as long as numbers there are.
    """
    code = 0
    for n in range(1, 4):
        begin = first + n
        if begin >= until:
            return 0, 0
        code = code * 10 + st.digits[begin - 1]
        if code > 0 and T.phone_start[code] > 0:
            if _accepts(T, code, st, begin, until):
                return code, begin
            # +33 06…, +7 8…: people leave the trunk digit in.
            if (st.digits[begin] == 0 or st.digits[begin] == T.phone_trunk[code]) and _accepts(T, code, st, begin + 1, until):
                return code, begin + 1
            if not is_strict:
                if _has_length(T, code, until - begin):
                    return code, begin
                if st.digits[begin] == 0 and _has_length(T, code, until - begin - 1):
                    return code, begin + 1
            return 0, 0
    return 0, 0


@counted_by_caller
def _with_code(T, st, n, is_plus, alone):
    """Calling code, where the national number begins, and belief, of a number that says its country; code 0: it does not."""
    if is_plus:
        code, begin = _international(T, st, 0, n, True)
        if code:
            return code, begin, alone
        code, begin = _international(T, st, 0, n, False)
        return code, begin, np.float32(0.6)
    if n >= 10 and st.digits[0] == 0 and st.digits[1] == 0:
        code, begin = _international(T, st, 2, n, False)
        return code, begin, np.float32(0.7)
    if n >= 12 and st.digits[0] == 0 and st.digits[1] == 1 and st.digits[2] == 1:  # dialled from North America
        code, begin = _international(T, st, 3, n, True)
        return code, begin, np.float32(0.6)
    return 0, 0, np.float32(0.0)


@inlined
def _countries(st, turn, n):
    """Bits: which of the 64 countries of this turn have numbers that begin so and are so long. The country of the record has turn -1."""
    start = st.digits[0] * 100 + st.digits[1] * 10 + st.digits[2]
    word = turn if turn >= 0 else max(st.country, 0) >> 6
    rows = st.dialled_so[word, start] & st.dialled_long[word, n]
    if st.country < 0:
        return rows if turn >= 0 else np.uint64(0)
    its_own = np.uint64(1) << np.uint64(st.country & 63) if word == st.country >> 6 else np.uint64(0)
    return rows & ~its_own if turn >= 0 else rows & its_own


@counted_by_caller
def _national(T, code, trunk, lengths, st, n, groups, shape, is_bracket):
    """Where the number begins without its trunk digit, and belief, as somebody in that country would dial; -1: not there."""
    if trunk >= 0 and st.digits[0] == trunk and (lengths >> (n - 1)) & 1 and _accepts(T, code, st, 1, n):
        if trunk == 0:
            return 1, np.float32(0.6 if groups > 1 or n >= 10 else 0.3)
        return 1, np.float32(0.6 if shape == 1334 else 0.3)
    if (lengths >> n) & 1 and _accepts(T, code, st, 0, n):
        # The trunk digit is missing: usual in North America, elsewhere only where a header or word says that it is a phone.
        if trunk == 0 and st.digits[0] == 0:
            return -1, np.float32(0.0)
        if code == 1:
            return 0, np.float32(0.6 if shape == 334 or (shape == 37 and is_bracket) else 0.25)
        if is_bracket or trunk < 0:
            return 0, np.float32(0.5 if groups > 1 else 0.25)
        return 0, np.float32(0.2)
    if trunk == 0 and st.digits[0] == 0 and n >= 9 and _has_length(T, code, n - 1):
        # No plan gives it out; the register may still have it.
        return 1, np.float32(0.2)
    return -1, np.float32(0.0)


@counted_by_caller
def _stands_behind_label(s, e, st, me):
    """Whether s..e is all that a field of telephone numbers holds from s on, or follows a word for them with marks alone between."""
    b = text_of(st)
    if e < st.end and (CLASS[b[e]] != 0 or b[e] == 95 or b[e] == 64):
        return False
    if is_headed(st, me):
        return True
    at = st.near[me]
    if at <= st.floor or s - at > 4:
        return False
    has_mark = False
    for j in range(at, s):
        if CLASS[b[j]] != 0:
            return False
        has_mark = has_mark or b[j] == 58 or b[j] == 61
    return has_mark


@counted_by_caller
def _is_decimal(b, j, end):
    """Whether `.0` stands at j, and nothing that would make it a part of more."""
    if j + 1 >= end or b[j] != 46 or b[j + 1] != 48:
        return False
    return j + 2 == end or not (CLASS[b[j + 2]] != 0 or b[j + 2] == 45 or b[j + 2] == 46 or b[j + 2] == 47)


@counted_by_caller
def _only_other_reading(out, first):
    """What was noted first is only an alternative to what is noted now."""
    if 0 <= first < out.size:
        out[first].flags |= np.uint8(ALTERNATIVE)


@counted_by_caller
def at_phone(s, st, T):
    """Notes the telephone numbers that begin at s (plus, bracket or digit); gives the end of the surest, or s."""
    b, known, out = text_of(st), known_of(st), room_of(st)
    me = T.special[THE_PHONE]
    T, digits, end = T, st.digits, st.end
    tag = T.tag[me]
    is_plus = b[s] == 43
    is_bracket = b[s] == 40
    is_elsewhere = st.hint > 0 and not is_headed(st, me)  # in a field that is known to hold something else
    headed, flags = trust(T, st, me, s)
    least = headed if flags else np.float32(0.0)
    is_other = not is_plus and not is_headed(st, me) and is_something_else(st, me, s)
    said, said_least = flags, least
    j = s + 1 if is_plus else s
    n = 0
    groups = 0
    shape = np.int64(0)  # lengths of the groups, as decimal digits
    best = s
    first = np.int64(-1)  # the candidate that stands for this place
    while j < end and n < DIGITS_MAX:
        size = 0
        while j < end and CLASS[b[j]] == DIGIT and n <= DIGITS_MAX:
            # The (0) in +44 (0)20 is not dialled from abroad.
            if is_plus and b[j] == 48 and j > s and b[j - 1] == 40 and j + 1 < end and b[j + 1] == 41:
                j += 1
                break
            digits[n] = b[j] - 48
            n += 1
            size += 1
            j += 1
        if size > 0:
            groups += 1
            shape = shape * 10 + min(size, 9) if groups < 9 else shape
            is_end = j >= end or not (CLASS[b[j]] == DIGIT or CLASS[b[j]] == LETTER or b[j] == 95 or b[j] == 64)
            if is_end and n >= DIGITS_MIN and n <= DIGITS_MAX:
                code, begin, belief = _with_code(T, st, n, is_plus, T.alone[me])
                # `Booking 0612345678` is a booking; grouped as people group telephone numbers, it is one.
                is_low = is_other and groups == 1
                flags, least = (np.uint8(0), np.float32(0.0)) if is_low else (said, said_least)
                if code > 0:
                    _only_other_reading(out, first)
                    first = st.n
                    put(st, s, j, me, flags, _key(code, st, begin, n, tag), max(belief * np.float32(0.5 if is_low else 1.0), least))
                    best = j
                elif not is_plus:
                    is_known = False
                    for turn in range(-1, (st.n_dialled + 63) >> 6):
                        rows = _countries(st, turn, n)
                        while rows:
                            row = (turn if turn >= 0 else st.country >> 6) * 64 + n_zeros_below(rows)
                            rows &= rows - np.uint64(1)
                            begin, belief = _national(T, st.dialled[row, 0], st.dialled[row, 1], st.dialled[row, 3], st, n, groups, shape, is_bracket)
                            if begin < 0:
                                continue
                            belief = max(belief * np.float32(0.5 if is_low or is_elsewhere else 1.0), least)
                            if not is_known:
                                _only_other_reading(out, first)
                                first = st.n if belief >= BELIEF_MIN or known.size == 1 else -1
                                if belief >= BELIEF_MIN:
                                    best = j
                            how = np.uint8(flags | ALTERNATIVE) if is_known else flags
                            key = _key(st.dialled[row, 0], st, begin, n, tag)
                            # A second or unlikely reading counts only when the register has it.
                            if known.size == 1 or (belief >= BELIEF_MIN and not is_known) or may_hold(known, key):
                                put(st, s, j, me, how, key, belief)
                            is_known = True
                    if flags and st.digits[0] != 0:
                        # 33612345678 in a telephone column.
                        code, begin = _international(T, st, 0, n, False)
                        if code > 0:
                            key = _key(code, st, begin, n, tag)
                            if not is_known:
                                first = st.n
                                put(st, s, j, me, flags, key, least)
                                best = j
                            elif known.size == 1 or may_hold(known, key):
                                put(st, s, j, me, np.uint8(flags | ALTERNATIVE), key, least)
        # On to the next group, over at most three of blank - . / ( ).
        q = j
        while q < end and q - j < 3 and (b[q] == 32 or b[q] == 45 or b[q] == 46 or b[q] == 47 or b[q] == 40 or b[q] == 41):
            q += 1
        if q >= end or CLASS[b[q]] != DIGIT or (q == j and size > 0):
            break
        if b[j] == 46 and j + 1 < end and b[j + 1] == 32:
            break
        # 447700900123.0 is how programs write numbers of a column that had empty cells.
        if groups == 1 and n >= DIGITS_MIN and _is_decimal(b, j, end):
            break
        j = q
    if first < 0 and flags and not is_plus and LABELLED_MIN <= n <= LABELLED_MAX and _stands_behind_label(s, j, st, me):
        # `Phone: 439 4166`: no plan that we look at gives it out, yet whoever wrote the label says what it is.
        put(st, s, j, me, flags, _key(0, st, 0, n, tag), max(np.float32(LABELLED), headed if st.hint > 0 else np.float32(0.0)))
        best = j
    return best
