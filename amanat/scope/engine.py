"""The scan: one pass over the bytes of many records, driven by the tables of `tables.py`.

Every read is checked against the bounds of its own record, so that no input can make it read elsewhere.
The scan gives candidates; those with little belief are kept only when the register knows their value.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM102, SIM108, SIM110
# mypy: ignore-errors

from typing import Any, NamedTuple

import numpy as np

from amanat.scope.calendar import gregorian_of, gregorian_of_jalali
from amanat.scope.checks import passes
from amanat.scope.compiled import counted_by_caller
from amanat.scope.siphash import sip_word, siphash

# Of a byte: digit, letter, or part of a character beyond ASCII.
DIGIT, LETTER, WIDE = 1, 2, 4
CLASS = np.zeros(256, np.uint8)
CLASS[ord("0") : ord("9") + 1] = DIGIT
CLASS[ord("A") : ord("Z") + 1] = LETTER
CLASS[ord("a") : ord("z") + 1] = LETTER
CLASS[128:] = WIDE
_LOCAL = np.zeros(256, np.uint8)
_LOCAL[[*b"!#$%&'*+-/=?^_`{|}~.", *b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]] = 1
_LOCAL[128:] = 1
_DOMAIN = np.zeros(256, np.uint8)
_DOMAIN[[*b"-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]] = 1
_DOMAIN[128:] = 1
_HEX = np.zeros(256, np.uint8)
_HEX[[*b"0123456789abcdefABCDEF"]] = 1

# What is special about a candidate.
ALTERNATIVE = 1  # another reading of the same place (day and month, country of a number)
HEADED = 2  # in a field whose name says so
NEAR_WORD = 4  # beside a word that says so
OURS = 8  # an address of the company itself
GUESSED = 16  # found because the register has such a name

NEAR_BYTES = 48
GROUPS_MAX, COMPACT_MAX = 14, 160
_FNV0, _FNV1, _GOLD = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)
_FIELD = 0x1F


class Context(NamedTuple):
    """What the scan knows besides the identifiers: the columns, the countries, the company, the names of the register."""

    schema_of_record: Any  # [n_records] int32
    field_from: Any  # [n_schemas + 1] int32, into field_hints
    field_hints: Any  # [n_fields] int32, row of `hints`; 0: nothing known
    hints: Any  # [n_hints, n_identifiers] uint8
    dialled: Any  # [n, 2] int32, see tables.dialled
    dialled_of_record: Any  # [n_records] int32: the country of the record (row of `dialled`), -1 unknown; or empty
    is_month_first: Any  # [n_records] uint8, or empty
    own_domains: Any  # [n] uint64
    names: Any  # [2**k] uint8, bits of a Bloom filter over the register's name keys; size 1: none
    year_max: int


class Candidates(NamedTuple):
    """Room for what the scan finds."""

    record: Any  # int32
    start: Any  # int64, byte within the folded text
    end: Any  # int64
    identifier: Any  # int16
    flags: Any  # uint8
    key: Any  # uint64
    belief: Any  # float32


class Workspace(NamedTuple):
    """Small arrays that the scan writes to and nobody reads afterwards."""

    near: Any
    scratch: Any
    digits: Any
    compact: Any
    ends: Any
    sizes: Any
    counts: Any
    seps: Any
    cases: Any
    parts: Any
    word_at: Any
    word_sum: Any


def workspace(n_identifiers: int) -> Workspace:
    """A workspace for tables of so many identifiers; one for each thread."""
    groups = [np.zeros(GROUPS_MAX + 2, np.int64) for _ in range(5)]
    return Workspace(
        np.full(n_identifiers, -1, np.int64),
        np.zeros(512, np.uint8),
        np.zeros(20, np.int64),
        np.zeros(COMPACT_MAX + 8, np.uint8),
        *groups,
        np.zeros(9, np.uint64),
        np.zeros(4, np.int64),
        np.zeros(4, np.uint64),
    )


def room_for(n: int) -> Candidates:
    """Room for n candidates."""
    return Candidates(
        np.zeros(n, np.int32),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int16),
        np.zeros(n, np.uint8),
        np.zeros(n, np.uint64),
        np.zeros(n, np.float32),
    )


@counted_by_caller
def _put(out, n, record, start, end, identifier, flags, key, belief):
    if n < out.key.size:
        out.record[n] = record
        out.start[n] = start
        out.end[n] = end
        out.identifier[n] = identifier
        out.flags[n] = flags
        out.key[n] = key
        out.belief[n] = belief
    return n + 1


@counted_by_caller
def _lower(c):
    return np.uint8(c + 32) if 65 <= c <= 90 else np.uint8(c)


@counted_by_caller
def _tagged(scratch, n, tag, k0, k1):
    """The key of n normalised bytes in scratch for a field."""
    return siphash(scratch, n, k0 ^ np.uint64(tag), k1)


@counted_by_caller
def _trust(T, identifier, hints, hint, near, start, floor):
    """Belief and flags of a value at `start`: headed, near a word, or alone."""
    if hint > 0 and hints[hint, identifier]:
        return T.beliefs[identifier, 2], np.uint8(HEADED)
    at = near[identifier]
    if at >= floor and at <= start and start - at <= NEAR_BYTES:
        return T.beliefs[identifier, 1], np.uint8(NEAR_WORD)
    # In a field that is known to hold something else the same digits mean less.
    return T.beliefs[identifier, 0] * np.float32(0.5 if hint > 0 else 1.0), np.uint8(0)


@counted_by_caller
def _word_key(b, s, e, k0, k1, scratch):
    m = 0
    for j in range(s, e):
        if m < 128:
            scratch[m] = _lower(b[j])
            m += 1
    return siphash(scratch, m, k0 ^ np.uint64(0x776F7264), k1)


@counted_by_caller
def _is_title(T, b, s, e):
    h = _FNV0
    for j in range(s, e):
        h = (h ^ np.uint64(_lower(b[j]))) * _FNV1
    if not T.word_bits[h & np.uint64(0xFFFF)]:
        return False
    lo, until = _meanings(T, h)
    for k in range(lo, until):
        if T.word_meaning[k, 1] == 3:
            return True
    return False


@counted_by_caller
def _meanings(T, h):
    if h == 0:
        h = np.uint64(1)
    mask = np.uint64(T.word_keys.size - 1)
    at = h & mask
    while T.word_keys[at] != 0:
        if T.word_keys[at] == h:
            return T.word_range[at, 0], T.word_range[at, 1]
        at = (at + np.uint64(1)) & mask
    return np.int32(0), np.int32(0)


@counted_by_caller
def _sum_of_words(T, b, s, e, with_digits, k0, k1, scratch):
    """Sum of the keys of the words, so that their order does not matter, and how many there are. Titles do not count."""
    total = np.uint64(0)
    n = 0
    i = s
    while i < e:
        c = CLASS[b[i]]
        if c == 0 or (c == DIGIT and not with_digits):
            i += 1
            continue
        j = i
        while j < e and CLASS[b[j]] != 0 and (with_digits or CLASS[b[j]] != DIGIT):
            j += 1
        if with_digits or not _is_title(T, b, i, j):
            total += _word_key(b, i, j, k0, k1, scratch)
            n += 1
        i = j
    return total, n


@counted_by_caller
def _is_glued_left(b, lo, s):
    if s <= lo:
        return False
    p = b[s - 1]
    if p == 95 or p == 43 or p == 64:  # _ + @
        return True
    return (p == 45 or p == 46 or p == 47) and s - 2 >= lo and CLASS[b[s - 2]] != 0


@counted_by_caller
def _is_glued_right(b, e, hi):
    if e >= hi:
        return False
    c = b[e]
    if c == 95 or c == 64:
        return True
    return (c == 45 or c == 46 or c == 47) and e + 1 < hi and CLASS[b[e + 1]] != 0


@counted_by_caller
def _email(b, at, lo, hi, scratch):
    """Start, end and normalised length of the address around an @, or 0 length."""
    s = at
    while s > lo and at - s < 64 and _LOCAL[b[s - 1]]:
        s -= 1
    # Quotes, slashes and the like may stand before an address without being part of it.
    while s < at and (CLASS[b[s]] == 0 and b[s] != 95 and b[s] != 43):
        s += 1
    # What stands before = is the name of a parameter.
    for j in range(s, at):
        if b[j] == 61 and j + 1 < at:
            s = j + 1
    e = at + 1
    while e < hi and e - at < 254 and _DOMAIN[b[e]]:
        e += 1
    while e > at + 1 and (b[e - 1] == 46 or b[e - 1] == 45):
        e -= 1
    if s >= at or e <= at + 3 or b[at - 1] == 46:
        return s, e, 0
    dot = -1
    for j in range(at + 1, e):
        if b[j] == 46:
            if j == at + 1 or b[j - 1] == 46:
                return s, e, 0
            dot = j
    if dot < 0 or e - dot < 3:
        return s, e, 0
    is_puny = e - dot > 4 and _lower(b[dot + 1]) == 120 and _lower(b[dot + 2]) == 110 and b[dot + 3] == 45
    if not is_puny:
        for j in range(dot + 1, e):
            if CLASS[b[j]] == DIGIT or CLASS[b[j]] == 0:
                # A sentence may end right behind the address, with an identifier glued on by a dot: give up.
                return s, e, 0
    m = 0
    for j in range(s, e):
        scratch[m] = _lower(b[j])
        m += 1
    return s, e, m


@counted_by_caller
def _is_own(scratch, m, own):
    """Whether the domain of a normalised address, or one above it, is the company's."""
    if own.size == 0:
        return False
    at = m
    for j in range(m):
        if scratch[j] == 64:
            at = j
    for begin in range(at + 1, m):
        if begin == at + 1 or scratch[begin - 1] == 46:
            h = _FNV0
            for j in range(begin, m):
                h = (h ^ np.uint64(scratch[j])) * _FNV1
            for k in range(own.size):
                if own[k] == h:
                    return True
    return False


@counted_by_caller
def _ip4(b, s, hi):
    """End of the IPv4 address that begins at s, or -1."""
    j = s
    for part in range(4):
        value = 0
        n = 0
        while j < hi and CLASS[b[j]] == DIGIT and n < 4:
            value = value * 10 + (b[j] - 48)
            n += 1
            j += 1
        if n == 0 or n > 3 or value > 255 or (n > 1 and b[j - n] == 48):
            return -1
        if part < 3:
            if j >= hi or b[j] != 46:
                return -1
            j += 1
    if j < hi and (
        CLASS[b[j]] != 0
        or b[j] == 95
        or (b[j] == 46 and j + 1 < hi and CLASS[b[j + 1]] != 0)
        or (b[j] == 45 and j + 1 < hi and CLASS[b[j + 1]] == DIGIT)
    ):
        return -1
    return j


@counted_by_caller
def _ip6(b, colon, lo, hi, scratch):
    """Start and end of the IPv6 address around its first colon, or -1; scratch[:16] gets its bytes."""
    s = colon
    while s > lo and colon - s < 5 and _HEX[b[s - 1]]:
        s -= 1
    if colon - s > 4 or (s > lo and (CLASS[b[s - 1]] != 0 or b[s - 1] == 58 or b[s - 1] == 46)):
        return s, -1
    n = 0  # 16-bit parts
    gap = -1
    j = s
    n_digits = 0
    for k in range(16):
        scratch[k] = 0
    while j < hi and n < 8:
        if b[j] == 58:
            if j + 1 < hi and b[j + 1] == 58:
                if gap >= 0:
                    return s, -1
                gap = n
                j += 2
                if j >= hi or not _HEX[b[j]]:
                    break
            elif n == 0:
                return s, -1
            else:
                j += 1
                if j >= hi or not _HEX[b[j]]:
                    return s, -1
        if j < hi and CLASS[b[j]] == DIGIT and n <= 6 and (gap >= 0 or n == 6):
            e4 = _ip4(b, j, hi)
            if e4 > 0:
                value = 0
                k = 0
                for q in range(j, e4 + 1):
                    if q == e4 or b[q] == 46:
                        scratch[2 * n + k] = np.uint8(value)
                        k += 1
                        value = 0
                    else:
                        value = value * 10 + (b[q] - 48)
                n += 2
                n_digits += 4
                j = e4
                break
        value = 0
        m = 0
        while j < hi and _HEX[b[j]] and m < 5:
            c = _lower(b[j])
            value = value * 16 + (c - 48 if c < 58 else c - 87)
            m += 1
            j += 1
        if m == 0 or m > 4:
            return s, -1
        scratch[2 * n] = np.uint8(value >> 8)
        scratch[2 * n + 1] = np.uint8(value & 255)
        n += 1
        n_digits += m
        if j >= hi or b[j] != 58:
            break
    if (
        (gap < 0 and n != 8)
        or (gap >= 0 and n > 7)
        or (j < hi and (CLASS[b[j]] != 0 or (b[j] == 58 and j + 1 < hi and (_HEX[b[j + 1]] or b[j + 1] == 58))))
    ):
        return s, -1
    if gap >= 0:
        tail = n - gap
        for k in range(2 * tail):
            scratch[15 - k] = scratch[2 * n - 1 - k]
        for k in range(2 * gap, 16 - 2 * tail):
            scratch[k] = 0
    # `::` alone, and a single hexadecimal digit beside it, are mostly something else.
    if n_digits < 1:
        return s, -1
    return s, j


@counted_by_caller
def _date_key(day, T, k0, k1, scratch):
    rest = day
    for j in range(8):
        scratch[7 - j] = np.uint8(48 + rest % 10)
        rest //= 10
    return _tagged(scratch, 8, T.field[T.special[2]], k0, k1)


@counted_by_caller
def _any_day(year, month, day):
    return gregorian_of_jalali(year, month, day) if year < 1500 else gregorian_of(year, month, day)


@counted_by_caller
def _full_year(year, n_digits, year_max):
    if n_digits == 4:
        return year
    if n_digits == 2:
        return 2000 + year if 2000 + year <= year_max else 1900 + year
    return 0


@counted_by_caller
def _date(b, s, hi, month_first, year_max):
    """End of the numeric date that begins at s, its day as YYYYMMDD, and another reading (0: none). End -1: no date."""
    j = s
    v0 = v1 = v2 = 0
    n0 = n1 = n2 = 0
    while j < hi and CLASS[b[j]] == DIGIT and n0 < 5:
        v0 = v0 * 10 + (b[j] - 48)
        n0 += 1
        j += 1
    if n0 == 0 or n0 > 4 or n0 == 3 or j + 1 >= hi:
        return -1, 0, 0
    sep = b[j]
    if sep != 45 and sep != 47 and sep != 46 and sep != 32:
        return -1, 0, 0
    j += 1
    if sep == 46 and b[j] == 32:  # 12. 3. 1985
        j += 1
    while j < hi and CLASS[b[j]] == DIGIT and n1 < 3:
        v1 = v1 * 10 + (b[j] - 48)
        n1 += 1
        j += 1
    if n1 == 0 or n1 > 2 or j + 1 >= hi or b[j] != sep:
        return -1, 0, 0
    j += 1
    if sep == 46 and b[j] == 32:
        j += 1
    while j < hi and CLASS[b[j]] == DIGIT and n2 < 5:
        v2 = v2 * 10 + (b[j] - 48)
        n2 += 1
        j += 1
    if n2 == 0 or n2 > 4 or n2 == 3:
        return -1, 0, 0
    if j < hi and CLASS[b[j]] != 0 and b[j] != 84 and b[j] != 116 and CLASS[b[j]] != WIDE:
        return -1, 0, 0
    if n0 == 4:
        if n2 > 2:
            return -1, 0, 0
        day = _any_day(v0, v1, v2)
        return (j, day, 0) if day else (-1, 0, 0)
    if n2 == 1:
        return -1, 0, 0
    year = _full_year(v2, n2, year_max)
    first = _any_day(year, v1, v0)
    other = _any_day(year, v0, v1) if year > 1500 else 0
    if month_first:
        first, other = other, first
    if first == 0:
        first, other = other, 0
    if first == other:
        other = 0
    return (j, first, other) if first else (-1, 0, 0)


@counted_by_caller
def _named_date(b, ws, we, lo, hi, month, year_max):
    """Start, end and day of a date around the month's name at ws..we: 12 March 1985, March 12, 1985, 5-MAY-85. Start -1: none."""
    # What stands before: a day of one or two digits, perhaps with st, nd, rd, th or a dot.
    s = ws
    while s > lo and (b[s - 1] == 32 or b[s - 1] == 45 or b[s - 1] == 46 or b[s - 1] == 47):
        s -= 1
    if s - 3 >= lo and CLASS[b[s - 1]] == LETTER and CLASS[b[s - 2]] == LETTER and CLASS[b[s - 3]] == DIGIT:
        s -= 2
    day = 0
    scale = 1
    n = 0
    while s > lo and CLASS[b[s - 1]] == DIGIT and n < 3:
        day += (b[s - 1] - 48) * scale
        scale *= 10
        n += 1
        s -= 1
    e = we
    while e < hi and (b[e] == 32 or b[e] == 45 or b[e] == 46 or b[e] == 44 or b[e] == 47) and e - we < 3:
        e += 1
    if n == 0 or n > 2:
        # March 12, 1985
        s = ws
        day = 0
        n = 0
        while e < hi and CLASS[b[e]] == DIGIT and n < 3:
            day = day * 10 + (b[e] - 48)
            n += 1
            e += 1
        if n == 0 or n > 2:
            return -1, 0, 0
        while e < hi and CLASS[b[e]] == LETTER and e - we < 8:
            e += 1
        q = e
        while e < hi and (b[e] == 32 or b[e] == 44) and e - q < 2:
            e += 1
        if e == q:
            return -1, 0, 0
    year = 0
    m = 0
    while e < hi and CLASS[b[e]] == DIGIT and m < 5:
        year = year * 10 + (b[e] - 48)
        m += 1
        e += 1
    year = _full_year(year, m, year_max)
    if month > 12:
        value = gregorian_of_jalali(year if m == 4 else (1300 + year % 100 if m == 2 else 0), month - 12, day)
    else:
        value = gregorian_of(year, month, day)
    return (s, e, value) if value else (-1, 0, 0)


@counted_by_caller
def _plan_accepts(T, code, digits, lo, hi):
    if code <= 0 or code > 999:
        return False
    state = T.phone_start[code]
    for j in range(lo, hi):
        state = T.phone_next[state * 10 + digits[j]]
        if state == 0:
            return False
    return T.phone_accepts[state] == 1


@counted_by_caller
def _phone_key(T, code, digits, lo, hi, k0, k1, scratch):
    """Key of the E.164 digits."""
    m = 0
    if code >= 100:
        scratch[m] = np.uint8(48 + code // 100)
        m += 1
    if code >= 10:
        scratch[m] = np.uint8(48 + code // 10 % 10)
        m += 1
    scratch[m] = np.uint8(48 + code % 10)
    m += 1
    for j in range(lo, hi):
        scratch[m] = np.uint8(48 + digits[j])
        m += 1
    return _tagged(scratch, m, T.field[T.special[1]], k0, k1)


@counted_by_caller
def _international(T, digits, lo, hi, is_strict):
    """Calling code and where the national number begins, when digits[lo:hi] is an international number; else 0.

    Unless strict, a number that no plan gives out counts when it is as long as numbers there are.
    """
    code = 0
    for n in range(1, 4):
        if lo + n >= hi:
            return 0, 0
        code = code * 10 + digits[lo + n - 1]
        if code > 0 and T.phone_start[code] > 0:
            if _plan_accepts(T, code, digits, lo + n, hi):
                return code, lo + n
            # +33 06…: people leave the trunk digit in.
            if lo + n < hi and digits[lo + n] == 0 and _plan_accepts(T, code, digits, lo + n + 1, hi):
                return code, lo + n + 1
            if not is_strict:
                if (T.phone_lengths[code] >> (hi - lo - n)) & 1:
                    return code, lo + n
                if digits[lo + n] == 0 and (T.phone_lengths[code] >> (hi - lo - n - 1)) & 1:
                    return code, lo + n + 1
            return 0, 0
    return 0, 0


@counted_by_caller
def _phone(T, C, b, s, lo, hi, r, hint, near, floor, k0, k1, scratch, digits, out, n):
    """Candidates for telephone numbers that begin at s (+, parenthesis or digit); gives (n, end of the surest or s)."""
    me = T.special[1]
    j = s
    is_plus = b[j] == 43
    if is_plus:
        j += 1
    nd = 0
    n_groups = 0
    size = np.int64(0)
    shape = np.int64(0)  # lengths of the groups, as decimal digits
    best = s
    best_n = -1
    is_headed = hint > 0 and C.hints[hint, me] != 0
    belief_headed, flags = _trust(T, me, C.hints, hint, near, s, floor)
    floor_belief = belief_headed if flags else np.float32(0.0)
    while j < hi and nd < 17:
        size = 0
        while j < hi and CLASS[b[j]] == DIGIT and nd < 18:
            # The (0) in +44 (0)20 is not dialled from abroad.
            if is_plus and b[j] == 48 and j > s and b[j - 1] == 40 and j + 1 < hi and b[j + 1] == 41:
                j += 1
                break
            if nd < 18:
                digits[nd] = b[j] - 48
            nd += 1
            size += 1
            j += 1
        if size > 0:
            n_groups += 1
            shape = shape * 10 + min(size, 9) if n_groups < 9 else shape
            is_end = j >= hi or not (CLASS[b[j]] == DIGIT or CLASS[b[j]] == LETTER or b[j] == 95 or b[j] == 64)
            if is_end and nd >= 7 and nd <= 17:
                code = 0
                begin = 0
                belief = np.float32(0.0)
                if is_plus:
                    code, begin = _international(T, digits, 0, nd, True)
                    belief = T.beliefs[me, 0]
                    if code == 0:
                        code, begin = _international(T, digits, 0, nd, False)
                        belief = np.float32(0.6)
                elif nd >= 10 and digits[0] == 0 and digits[1] == 0:
                    code, begin = _international(T, digits, 2, nd, False)
                    belief = np.float32(0.7)
                elif nd >= 12 and digits[0] == 0 and digits[1] == 1 and digits[2] == 1:
                    code, begin = _international(T, digits, 3, nd, True)
                    belief = np.float32(0.6)
                if code > 0:
                    key = _phone_key(T, code, digits, begin, nd, k0, k1, scratch)
                    n = _put(out, n, r, s, j, me, flags, key, max(belief, floor_belief))
                    if best_n >= 0 and best_n < out.key.size:
                        out.flags[best_n] |= np.uint8(ALTERNATIVE)
                    best_n = n - 1
                    best = j
                elif not is_plus:
                    preferred = np.int32(-1)
                    if C.dialled_of_record.size > 0:
                        preferred = C.dialled_of_record[r]
                    is_first = True
                    for turn in range(C.dialled.shape[0] + 1):
                        row = preferred if turn == 0 else turn - 1
                        if row < 0 or (turn > 0 and row == preferred):
                            continue
                        code = C.dialled[row, 0]
                        trunk = C.dialled[row, 1]
                        belief = np.float32(0.0)
                        begin = -1
                        if trunk >= 0 and digits[0] == trunk and _plan_accepts(T, code, digits, 1, nd):
                            begin = 1
                            if trunk == 0:
                                belief = np.float32(0.6 if n_groups > 1 or nd >= 10 else 0.3)
                            else:
                                belief = np.float32(0.6 if shape == 1334 else 0.3)
                        elif _plan_accepts(T, code, digits, 0, nd):
                            # The trunk digit is missing: usual in North America, elsewhere only where a header or word says that it is a phone.
                            begin = 0
                            if trunk == 0 and digits[0] == 0:
                                begin = -1
                            elif code == 1:
                                belief = np.float32(0.6 if shape == 334 or (shape == 37 and b[s] == 40) else 0.25)
                            elif b[s] == 40 or trunk < 0:
                                belief = np.float32(0.5 if n_groups > 1 else 0.25)
                            else:
                                belief = np.float32(0.2)
                        elif trunk == 0 and digits[0] == 0 and nd >= 9 and (T.phone_lengths[code] >> (nd - 1)) & 1:
                            # No plan gives it out; the register may still have it.
                            begin = 1
                            belief = np.float32(0.2)
                        if begin >= 0:
                            if hint > 0 and not is_headed:
                                belief *= np.float32(0.5)
                            key = _phone_key(T, code, digits, begin, nd, k0, k1, scratch)
                            how = flags if is_first else np.uint8(flags | ALTERNATIVE)
                            n = _put(out, n, r, s, j, me, how, key, max(belief, floor_belief))
                            if is_first:
                                if best_n >= 0 and best_n < out.key.size:
                                    out.flags[best_n] |= np.uint8(ALTERNATIVE)
                                best_n = n - 1
                                if max(belief, floor_belief) >= 0.5:
                                    best = j
                            is_first = False
                    if is_first and flags:
                        # 33612345678 in a telephone column.
                        code, begin = _international(T, digits, 0, nd, False)
                        if code > 0:
                            key = _phone_key(T, code, digits, begin, nd, k0, k1, scratch)
                            n = _put(out, n, r, s, j, me, flags, key, floor_belief)
                            best_n = n - 1
                            best = j
        # On to the next group, over at most three of blank - . / ( ).
        q = j
        while q < hi and q - j < 3 and (b[q] == 32 or b[q] == 45 or b[q] == 46 or b[q] == 47 or b[q] == 40 or b[q] == 41):
            q += 1
        if q == j or q >= hi or CLASS[b[q]] != DIGIT:
            if not (size == 0 and q < hi and CLASS[b[q]] == DIGIT):
                break
        if b[j] == 46 and j + 1 < hi and b[j + 1] == 32:
            break
        j = q
    return n, best


@counted_by_caller
def _fill_run(b, s, hi, compact, ends, sizes, counts, seps, cases):
    """Letters and digits from s on over single separators; gives the number of groups.

    For each group: where it ends, its size, characters so far, separators so far (bits), cases so far (bits).
    """
    groups = 0
    n = 0
    used = 0
    case = 0
    j = s
    while groups < GROUPS_MAX and n < COMPACT_MAX:
        size = 0
        has_digit = False
        while j < hi and n < COMPACT_MAX:
            c = b[j]
            k = CLASS[c]
            if k == DIGIT:
                compact[n] = c - 48
                has_digit = True
            elif k == LETTER:
                if c >= 97:
                    compact[n] = c - 87
                    case |= 2
                else:
                    compact[n] = c - 55
                    case |= 1
            else:
                break
            n += 1
            size += 1
            j += 1
        if size == 0 or (groups > 0 and not has_digit and size > 4):
            break
        ends[groups] = j
        sizes[groups] = size
        counts[groups] = n
        seps[groups] = used
        cases[groups] = case
        groups += 1
        if j + 1 >= hi or CLASS[b[j + 1]] == 0 or CLASS[b[j + 1]] == WIDE:
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
def _compact(T, C, b, s, lo, hi, groups, r, hint, near, floor, k0, k1, scratch, compact, ends, sizes, counts, seps, cases, out, n):
    """Candidates of the patterns that begin at s; gives (n, end of the longest sure one or s)."""
    best = s
    number = np.uint64(1)
    glued_left = _is_glued_left(b, lo, s)
    for g in range(groups):
        number = number * np.uint64(32) + np.uint64(min(sizes[g], 31))
        length = counts[g]
        if length > 64 or length >= T.row_of_length.size - 1:
            break
        first_row, last_row = T.row_of_length[length], T.row_of_length[length + 1]
        if first_row == last_row or cases[g] == 3:
            continue
        e = ends[g]
        # Letters beyond ASCII may follow without a blank (Persian); ASCII ones cannot, the group has ended.
        glued_right = _is_glued_right(b, e, hi)
        for row in range(first_row, last_row):
            fits = True
            for k in range(length):
                if (T.row_sets[row, k] >> np.uint64(compact[k])) & np.uint64(1) == 0:
                    fits = False
                    break
            if not fits or (seps[g] & ~T.row_separators[row]) != 0:
                continue
            gf, gu = T.row_groups[row, 0], T.row_groups[row, 1]
            if gf < gu:
                fits = False
                for k in range(gf, gu):
                    if T.groups[k] == number:
                        fits = True
                        break
                if not fits:
                    continue
            me = T.row_identifier[row]
            belief, flags = _trust(T, me, C.hints, hint, near, s, floor)
            if g == 0 and flags == 0:
                belief = T.beliefs[me, 3] * np.float32(0.5 if hint > 0 else 1.0)
            if (glued_left or glued_right) and belief < 0.8:
                continue
            if not passes(T.check[me], compact, length, T.weights[me], T.modulus[me], T.rule[me]):
                continue
            m = T.n_key[me] if 0 < T.n_key[me] < length else length
            for k in range(m):
                v = compact[k]
                scratch[k] = np.uint8(48 + v if v < 10 else 55 + v)
            key = _tagged(scratch, m, T.field[me], k0, k1)
            n = _put(out, n, r, s, e, me, flags, key, belief)
            if belief >= 0.5 and e > best:
                best = e
    return n, best


@counted_by_caller
def _skip_blank(b, i, hi):
    while i < hi and (b[i] == 32 or b[i] == 9):
        i += 1
    return i


@counted_by_caller
def _is_hex_digest(b, s, e):
    n = e - s
    if n != 32 and n != 40 and n != 56 and n != 64 and n != 96 and n != 128:
        return False
    for j in range(s, e):
        if not _HEX[b[j]]:
            return False
    return True


@counted_by_caller
def _is_nothing(b, s, e):
    """Whether a field holds one of the words for nothing."""
    n = e - s
    if n <= 0:
        return True
    if n == 1:
        return b[s] == 45 or b[s] == 63 or b[s] == 46
    if n == 2 and b[s] == 92 and b[s + 1] == 78:
        return True
    if n == 3:
        x, y, z = _lower(b[s]), _lower(b[s + 1]), _lower(b[s + 2])
        return (x == 110 and y == 47 and z == 97) or (x == 110 and y == 97 and z == 110) or (b[s] == 42 and b[s + 1] == 42)
    if n == 4:
        x, y, z, w = _lower(b[s]), _lower(b[s + 1]), _lower(b[s + 2]), _lower(b[s + 3])
        return (x == 110 and y == 117 and z == 108 and w == 108) or (x == 110 and y == 111 and z == 110 and w == 101)
    for j in range(s, e):
        if b[j] != 42 and b[j] != 46 and b[j] != 120 and b[j] != 88:
            return False
    return True


@counted_by_caller
def _name_key(total, T, k0, k1):
    return sip_word(total, np.uint64(T.field[T.special[6]]), k0, k1)


@counted_by_caller
def _value_key(T, me, b, s, e, k0, k1, scratch):
    """Key of a whole value. Numbers of our own are compared without case and separators, all others as they stand."""
    m = 0
    is_word = T.form[me] == 2 and T.field[me] != 0
    for j in range(s, e):
        if m >= 192:
            break
        if is_word:
            if CLASS[b[j]] == 0:
                continue
            c = _lower(b[j])
            scratch[m] = np.uint8(c - 32) if 97 <= c <= 122 else c
        else:
            scratch[m] = b[j]
        m += 1
    return _tagged(scratch, m, T.field[me], k0, k1)


@counted_by_caller
def _has_class(b, s, e, k):
    for j in range(s, e):
        if CLASS[b[j]] == k:
            return True
    return False


@counted_by_caller
def _whole_value(T, b, s, e, r, me, flags, belief, k0, k1, scratch, out, n, parts):
    """A candidate for the value at s..e of an identifier whose value is whatever stands there."""
    while s < e and (b[s] <= 32 or b[s] == 34 or b[s] == 39):
        s += 1
    while e > s and (b[e - 1] <= 32 or b[e - 1] == 34 or b[e - 1] == 39):
        e -= 1
    if _is_nothing(b, s, e):
        return n
    form = T.form[me]
    if form == 2 or form == 3:
        is_digest = _is_hex_digest(b, s, e)
        if me == T.special[4] and T.special[5] >= 0 and (is_digest or (e - s > 20 and (b[s] == 36 or b[s] == 123))):
            me = T.special[5]
            if not is_digest:
                return n  # the literal pass finds it
        if e - s > 200 or (T.field[me] != 0 and not _has_class(b, s, e, DIGIT)):
            return n
        return _put(out, n, r, s, e, me, flags, _value_key(T, me, b, s, e, k0, k1, scratch), belief)
    if e - s > 300:
        return n
    if form == 8 or form == 9 or form == 10:
        total, words = _sum_of_words(T, b, s, e, False, k0, k1, scratch)
        if words == 0 or words > 8 or _has_class(b, s, e, DIGIT):
            return n
        if form == 8:
            return _put(out, n, r, s, e, me, flags, _name_key(total, T, k0, k1), belief)
        at = 0 if form == 9 else 1
        if parts[at] == 0:
            parts[at] = total
            parts[2 + at] = np.uint64(s)
            parts[4 + at] = np.uint64(e)
        # A single word is too little to know anybody by: the key of a lone part is never compared.
        return _put(out, n, r, s, e, me, flags, sip_word(total, np.uint64(T.field[me]), k0, k1), belief)
    if form == 11 or form == 12:
        total, words = _sum_of_words(T, b, s, e, True, k0, k1, scratch)
        if words == 0:
            return n
        if form == 11:
            if words < 2:
                return n
            return _put(out, n, r, s, e, me, flags, sip_word(total, np.uint64(T.field[me]), k0, k1), belief)
        parts[6] += total
        if parts[7] == 0:
            parts[7] = np.uint64(s + 1)
        parts[8] = np.uint64(e)
        return _put(out, n, r, s, e, me, flags, sip_word(total, np.uint64(T.field[me]), k0, k1), belief)
    return n


@counted_by_caller
def _is_capital(b, s):
    return (65 <= b[s] <= 90) or b[s] >= 128


@counted_by_caller
def has_name(names, key):
    """Whether the Bloom filter may hold the key."""
    mask = np.uint64(names.size * 8 - 1)
    for shift in (np.uint64(0), np.uint64(21), np.uint64(37)):
        bit = (key >> shift | key << (np.uint64(64) - shift if shift else np.uint64(0))) & mask
        if not (names[bit >> np.uint64(3)] >> np.uint8(bit & np.uint64(7))) & np.uint8(1):
            return False
    return True


@counted_by_caller
def _end_of_line(b, i, hi, longest):
    j = i
    while j < hi and b[j] != 10 and b[j] != 13 and b[j] != _FIELD and b[j] != 9 and b[j] != 59 and b[j] != 124 and j - i < longest:
        j += 1
    return j


@counted_by_caller
def _end_of_word(b, i, hi):
    j = i
    while j < hi and b[j] > 32 and b[j] != 34 and b[j] != _FIELD and j - i < 200:
        j += 1
    while j > i and (b[j - 1] == 44 or b[j - 1] == 59):
        j -= 1
    return j


@counted_by_caller
def _literal(T, C, b, s, hi, first, last, r, hint, near, floor, k0, k1, scratch, out, n):
    """Candidates of the literals that begin at s; gives (n, end or s)."""
    for row in range(first, last):
        me, length, least, most = T.literal_numbers[row, 0], T.literal_numbers[row, 1], T.literal_numbers[row, 2], T.literal_numbers[row, 3]
        if s + length + least > hi:
            continue
        fits = True
        for k in range(length):
            if b[s + k] != T.literals[row, k]:
                fits = False
                break
        if not fits:
            continue
        e = s + length
        while e < hi and e - s - length < most and T.literal_alphabet[row, b[e]]:
            e += 1
        while e > s + length + least and (b[e - 1] == 46 or b[e - 1] == 44) and e - s - length < most:
            e -= 1
        if e - s - length < least or (e < hi and e - s - length == most and T.literal_alphabet[row, b[e]]):
            continue
        belief, flags = _trust(T, me, C.hints, hint, near, s, floor)
        m = min(e - s, 384)
        for k in range(m):
            scratch[k] = b[s + k]
        n = _put(out, n, r, s, e, me, flags, _tagged(scratch, m, T.field[me], k0, k1), max(belief, T.beliefs[me, 0]))
        return n, e
    return n, s


@counted_by_caller
def _address_below(T, b, i, hi, r, k0, k1, scratch, out, n):
    """Candidates for an address in the one to four lines below a name: kept only when the register knows it with that name."""
    me = T.special[7]
    e = i
    while e < hi and e - i < 3 and b[e] != 10:
        e += 1
    if e >= hi or b[e] != 10:
        return n
    s = e + 1
    total = np.uint64(0)
    n_words = 0
    for _ in range(4):
        begin = e + 1
        e = begin
        while e < hi and b[e] != 10 and e - begin < 120:
            e += 1
        if e <= begin + 1:
            break
        more, words = _sum_of_words(T, b, begin, e, True, k0, k1, scratch)
        total += more
        n_words += words
        if n_words >= 3:
            n = _put(out, n, r, s, e, me, np.uint8(GUESSED), sip_word(total, np.uint64(T.field[me]), k0, k1), np.float32(0.3))
        if e >= hi or b[e] != 10:
            break
    return n


@counted_by_caller
def scan(b, offsets, T, C, W, k0, k1, out, begin):
    """Scans records from number `begin` on; gives (number of candidates, record to go on with).

    When the room of `out` runs out inside a record, that record is left for the next call.
    """
    n_identifiers = T.form.size
    near, scratch, digits, compact = W.near, W.scratch, W.digits, W.compact
    ends, sizes, counts, seps, cases = W.ends, W.sizes, W.counts, W.seps, W.cases
    parts, word_at, word_sum = W.parts, W.word_at, W.word_sum
    near[:] = -1
    has_names = C.names.size > 1
    n = 0
    for r in range(begin, offsets.size - 1):
        lo, hi = offsets[r], offsets[r + 1]
        kept = n
        schema = C.schema_of_record[r]
        fields, fields_end = C.field_from[schema], C.field_from[schema + 1]
        month_first = C.is_month_first.size > 0 and C.is_month_first[r] != 0
        floor = lo  # where the present field begins
        hint = np.int32(0)
        is_new_field = True
        h1 = h2 = np.uint64(0)
        last_word_end = np.int64(-9)
        run_words = 0
        run_end = np.int64(-9)
        parts[:] = 0
        i = lo
        while i <= hi:
            if is_new_field:
                is_new_field = False
                floor = i
                hint = C.field_hints[fields] if fields < fields_end else np.int32(0)
                fields += 1
                h1 = h2 = np.uint64(0)
                last_word_end = -9
                run_words = 0
                if hint > 0:
                    e = i
                    while e < hi and b[e] != _FIELD:
                        e += 1
                    is_value = False
                    for me in range(n_identifiers):
                        if C.hints[hint, me]:
                            form = T.form[me]
                            if form == 2 or form == 3 or form >= 8:
                                before = n
                                n = _whole_value(
                                    T,
                                    b,
                                    np.int64(i),
                                    np.int64(e),
                                    np.int64(r),
                                    np.int64(me),
                                    np.uint8(HEADED),
                                    T.beliefs[me, 2],
                                    k0,
                                    k1,
                                    scratch,
                                    out,
                                    np.int64(n),
                                    parts,
                                )
                                is_value = is_value or (n > before and me == T.special[4])
                            elif me == T.special[5]:
                                s = i
                                while s < e and (b[s] <= 32 or b[s] == 34 or b[s] == 39):
                                    s += 1
                                q = e
                                while q > s and (b[q - 1] <= 32 or b[q - 1] == 34 or b[q - 1] == 39):
                                    q -= 1
                                if _is_hex_digest(b, s, q):
                                    n = _put(out, n, r, s, q, me, np.uint8(HEADED), _value_key(T, me, b, s, q, k0, k1, scratch), T.beliefs[me, 2])
                            elif form == 6 and e - i >= 8 and _skip_blank(b, i, e) == i:
                                # 19850312 in a column for birth dates.
                                q = i
                                value = np.int64(0)
                                while q < e and CLASS[b[q]] == DIGIT and q - i < 9:
                                    value = value * 10 + (b[q] - 48)
                                    q += 1
                                if q - i == 8 and q == e:
                                    day = _any_day(value // 10000, value // 100 % 100, value % 100)
                                    if day == 0:
                                        day = _any_day(value % 10000, value // 10000 % 100, value // 1000000)
                                    if day:
                                        n = _put(out, n, r, i, q, me, np.uint8(HEADED), _date_key(day, T, k0, k1, scratch), T.beliefs[me, 2])
                    if is_value:
                        i = e
            if i >= hi:
                break
            c = b[i]
            k = CLASS[c]
            if k == 0:
                if c == _FIELD:
                    is_new_field = True
                    i += 1
                    continue
                if c == 64 and T.special[0] >= 0 and i > floor:
                    s, e, m = _email(b, i, floor, hi, scratch)
                    if m > 0:
                        me = T.special[0]
                        belief, flags = _trust(T, me, C.hints, hint, near, s, floor)
                        belief = max(belief, T.beliefs[me, 0])
                        if _is_own(scratch, m, C.own_domains):
                            flags |= np.uint8(OURS)
                        n = _put(out, n, r, s, e, me, flags, _tagged(scratch, m, T.field[me], k0, k1), belief)
                        i = e
                        # address:password, one on a line, as lists of stolen credentials have it
                        if hint == 0 and T.special[4] >= 0 and e + 1 < hi and (b[e] == 58 or b[e] == 59 or b[e] == 124) and b[e + 1] > 32:
                            q = e + 1
                            while q < hi and b[q] > 32 and q - e < 200:
                                q += 1
                            if q >= hi or b[q] == 10 or b[q] == 13 or b[q] == _FIELD:
                                if _is_hex_digest(b, e + 1, q):
                                    if T.special[5] >= 0:
                                        n = _put(
                                            out,
                                            n,
                                            r,
                                            e + 1,
                                            q,
                                            T.special[5],
                                            np.uint8(NEAR_WORD),
                                            _value_key(T, T.special[5], b, e + 1, q, k0, k1, scratch),
                                            np.float32(0.9),
                                        )
                                    i = q
                                elif b[e + 1] != 36 and b[e + 1] != 123 and q - e >= 4:
                                    n = _put(
                                        out,
                                        n,
                                        r,
                                        e + 1,
                                        q,
                                        T.special[4],
                                        np.uint8(NEAR_WORD),
                                        _value_key(T, T.special[4], b, e + 1, q, k0, k1, scratch),
                                        np.float32(0.8),
                                    )
                                    i = q
                        run_words = 0
                        continue
                elif c == 58 and T.special[3] >= 0 and i + 1 < hi and (_HEX[b[i + 1]] or b[i + 1] == 58):
                    s, e = _ip6(b, i, floor, hi, scratch)
                    if e > 0:
                        me = T.special[3]
                        belief, flags = _trust(T, me, C.hints, hint, near, s, floor)
                        n = _put(out, n, r, s, e, me, flags, _tagged(scratch, 16, T.field[me], k0, k1), belief)
                        i = e
                        continue
                elif (c == 43 or c == 40) and T.special[1] >= 0 and i + 1 < hi and (CLASS[b[i + 1]] == DIGIT or (c == 43 and b[i + 1] == 40)):
                    if i == lo or not (CLASS[b[i - 1]] == DIGIT or CLASS[b[i - 1]] == LETTER):
                        if c == 43 and b[i + 1] == 40:
                            i += 1
                            continue
                        n, e = _phone(
                            T, C, b, np.int64(i), lo, hi, np.int64(r), np.int64(hint), near, np.int64(floor), k0, k1, scratch, digits, out, n
                        )
                        if e > i:
                            i = e
                            continue
                        if c == 43:
                            # What follows a plus is no national spelling: pass over its digits.
                            i += 1
                            while i < hi and CLASS[b[i]] == DIGIT:
                                i += 1
                            continue
                else:
                    literal, last = T.literal_of_byte[c], T.literal_of_byte[c + 1]
                    if literal < last:
                        n, e = _literal(
                            T, C, b, np.int64(i), hi, literal, last, np.int64(r), np.int64(hint), near, np.int64(floor), k0, k1, scratch, out, n
                        )
                        if e > i:
                            i = e
                            continue
                i += 1
                continue

            # A word or number: up to where letters and digits end.
            s = i
            h = _FNV0
            has_digit = k == DIGIT
            if k == DIGIT:
                i += 1
                while i < hi and CLASS[b[i]] == DIGIT:
                    i += 1
                is_mixed = i < hi and CLASS[b[i]] == LETTER
                token_end = i
                while token_end < hi and (CLASS[b[token_end]] == DIGIT or CLASS[b[token_end]] == LETTER):
                    token_end += 1
            else:
                # Letters of two scripts are two words.
                while i < hi and CLASS[b[i]] == k:
                    x = b[i]
                    if 65 <= x <= 90:
                        x = np.uint8(x + 32)
                    h = (h ^ np.uint64(x)) * _FNV1
                    i += 1
                is_mixed = k == LETTER and i < hi and CLASS[b[i]] == DIGIT
                token_end = i
                if is_mixed:
                    while token_end < hi and (CLASS[b[token_end]] == DIGIT or CLASS[b[token_end]] == LETTER):
                        token_end += 1

            if not has_digit:
                # What the word means, alone and with the one or two before it.
                if s - last_word_end > 2 or is_mixed:
                    h1 = h2 = np.uint64(0)
                if not is_mixed and T.word_bits[h & np.uint64(0xFFFF)]:
                    for length in range(3, 0, -1):
                        if length == 3:
                            if h2 == 0:
                                continue
                            phrase = ((h2 * _GOLD) ^ h1) * _GOLD ^ h
                        elif length == 2:
                            if h1 == 0:
                                continue
                            phrase = (h1 * _GOLD) ^ h
                        else:
                            phrase = h
                        m0, m1 = _meanings(T, phrase)
                        for m in range(m0, m1):
                            me, meaning = T.word_meaning[m, 0], T.word_meaning[m, 1]
                            if meaning == 0 or meaning == 1:
                                near[me] = i
                            if meaning == 1 or meaning == 4:
                                form = T.form[me]
                                if (form == 2 or form == 3 or form >= 8 or me == T.special[5]) and hint == 0:
                                    if meaning == 4 and length == 1 and h1 != 0:
                                        continue
                                    q = i
                                    while q < hi and (b[q] == 34 or b[q] == 39 or b[q] == 32 or b[q] == 42) and q - i < 4:
                                        q += 1
                                    if q < hi and (b[q] == 58 or b[q] == 61):
                                        q += 1
                                        if q < hi and b[q - 1] == 61 and (b[q] == 61 or b[q] == 62):
                                            continue
                                        while q < hi and (b[q] == 32 or b[q] == 9 or b[q] == 34 or b[q] == 39 or b[q] == 42):
                                            q += 1
                                        if form == 2 or me == T.special[5]:
                                            e = _end_of_word(b, q, hi)
                                        else:
                                            e = _end_of_line(b, q, hi, 160)
                                        if e > q and me == T.special[5]:
                                            if _is_hex_digest(b, q, e):
                                                n = _put(
                                                    out,
                                                    n,
                                                    r,
                                                    q,
                                                    e,
                                                    me,
                                                    np.uint8(NEAR_WORD),
                                                    _value_key(T, me, b, q, e, k0, k1, scratch),
                                                    T.beliefs[me, 1],
                                                )
                                        elif e > q:
                                            asked = me
                                            if (form == 9 or form == 10) and T.special[6] >= 0:
                                                _, words = _sum_of_words(T, b, q, e, False, k0, k1, scratch)
                                                if words > 1:
                                                    asked = T.special[6]
                                            n = _whole_value(
                                                T,
                                                b,
                                                np.int64(q),
                                                np.int64(e),
                                                np.int64(r),
                                                np.int64(asked),
                                                np.uint8(NEAR_WORD),
                                                np.float32(max(T.beliefs[asked, 1], np.float32(0.6))),
                                                k0,
                                                k1,
                                                scratch,
                                                out,
                                                np.int64(n),
                                                parts,
                                            )
                            elif meaning == 2 and T.special[2] >= 0:
                                ds, de, day = _named_date(b, s, i, floor, hi, me, C.year_max)
                                if ds >= 0:
                                    birth = T.special[2]
                                    belief, flags = _trust(T, birth, C.hints, hint, near, ds, floor)
                                    if flags or day < (C.year_max - 9) * 10000:
                                        n = _put(out, n, r, ds, de, birth, flags, _date_key(day, T, k0, k1, scratch), belief)
                if not is_mixed:
                    h2 = h1
                    h1 = h
                    last_word_end = i
                    if has_names and hint == 0 and T.special[6] >= 0:
                        # Names of the register anywhere in free text: two to four words in a row.
                        if not _is_capital(b, s):
                            run_words = 0
                        else:
                            if s - run_end > 3 or run_words == 0:
                                run_words = 0
                            else:
                                for q in range(run_end, s):
                                    x = b[q]
                                    if x != 32 and x != 44 and x != 45 and x != 39 and x != 10 and x != 46 and x != 34:
                                        run_words = 0
                            if run_words == 4:
                                for q in range(3):
                                    word_at[q] = word_at[q + 1]
                                    word_sum[q] = word_sum[q + 1]
                                run_words = 3
                            word_at[run_words] = s
                            word_sum[run_words] = _word_key(b, s, i, k0, k1, scratch)
                            run_words += 1
                            run_end = i
                            total = word_sum[run_words - 1]
                            for q in range(run_words - 2, -1, -1):
                                total += word_sum[q]
                                key = _name_key(total, T, k0, k1)
                                if has_name(C.names, key):
                                    n = _put(out, n, r, word_at[q], i, T.special[6], np.uint8(GUESSED), key, np.float32(0.4))
                                    if T.special[7] >= 0:
                                        n = _address_below(T, b, np.int64(i), hi, np.int64(r), k0, k1, scratch, out, np.int64(n))
                if not is_mixed and not (
                    i - s <= 4 and k == LETTER and i + 1 < hi and (b[i] == 32 or b[i] == 45 or b[i] == 46) and CLASS[b[i + 1]] == DIGIT
                ):
                    continue
            if k == WIDE:
                continue

            # Numbers: dates, addresses, telephones, then the patterns.
            best = s
            if has_digit:
                if T.special[3] >= 0 and i < hi and b[i] == 46 and not _is_glued_left(b, lo, s):
                    e = _ip4(b, s, hi)
                    if e > 0:
                        me = T.special[3]
                        belief, flags = _trust(T, me, C.hints, hint, near, s, floor)
                        scratch[:16] = 0
                        scratch[10] = 255
                        scratch[11] = 255
                        value = np.int64(0)
                        q = 12
                        for j in range(s, e + 1):
                            if j == e or b[j] == 46:
                                scratch[q] = np.uint8(value)
                                q += 1
                                value = 0
                            else:
                                value = value * 10 + (b[j] - 48)
                        n = _put(out, n, r, s, e, me, flags, _tagged(scratch, 16, T.field[me], k0, k1), belief)
                        i = e
                        continue
                if T.special[2] >= 0 and i - s <= 4 and i < hi and not _is_glued_left(b, lo, s):
                    e, day, other = _date(b, s, hi, month_first, C.year_max)
                    if e > 0:
                        me = T.special[2]
                        belief, flags = _trust(T, me, C.hints, hint, near, s, floor)
                        # A recent day that says nothing about itself is hardly anybody's birth date.
                        if flags or day < (C.year_max - 9) * 10000:
                            n = _put(out, n, r, s, e, me, flags, _date_key(day, T, k0, k1, scratch), belief)
                            if other:
                                n = _put(out, n, r, s, e, me, np.uint8(flags | ALTERNATIVE), _date_key(other, T, k0, k1, scratch), belief)
                        if flags:
                            i = e
                            continue
                if T.special[1] >= 0 and not is_mixed and i - s <= 17:
                    p = b[s - 1] if s > lo else np.uint8(0)
                    if not _is_glued_left(b, lo, s) and p != 40 and p != 36 and p != 35:
                        n, e = _phone(
                            T, C, b, np.int64(s), lo, hi, np.int64(r), np.int64(hint), near, np.int64(floor), k0, k1, scratch, digits, out, n
                        )
                        best = max(best, e)
            literal, last = T.literal_of_byte[c], T.literal_of_byte[np.int64(c) + 1]
            if literal < last:
                n, e = _literal(T, C, b, np.int64(s), hi, literal, last, np.int64(r), np.int64(hint), near, np.int64(floor), k0, k1, scratch, out, n)
                if e > s:
                    i = e
                    continue
            groups = _fill_run(b, s, hi, compact, ends, sizes, counts, seps, cases)
            if groups > 0:
                n, e = _compact(T, C, b, s, lo, hi, groups, r, hint, near, floor, k0, k1, scratch, compact, ends, sizes, counts, seps, cases, out, n)
                best = max(best, e)
            if best > s:
                i = best
                h1 = h2 = np.uint64(0)
            elif has_digit or is_mixed:
                i = token_end
        # A given and a family name of one record are a full name; so are the parts of an address.
        if parts[0] != 0 and parts[1] != 0 and T.special[6] >= 0:
            n = _put(
                out,
                n,
                r,
                np.int64(parts[2]),
                np.int64(parts[4]),
                T.special[6],
                np.uint8(HEADED),
                _name_key(parts[0] + parts[1], T, k0, k1),
                T.beliefs[T.special[6], 2],
            )
        if parts[7] != 0 and T.special[7] >= 0:
            s, e = np.int64(parts[7]) - 1, np.int64(parts[8])
            n = _put(
                out,
                n,
                r,
                s,
                e,
                T.special[7],
                np.uint8(HEADED),
                sip_word(parts[6], np.uint64(T.field[T.special[7]]), k0, k1),
                T.beliefs[T.special[7], 2],
            )
        if n > out.key.size:
            return kept, r
    return n, offsets.size - 1
