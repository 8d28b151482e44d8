"""Days that people write: with numbers, or with the name of a month, in the Gregorian or the Persian calendar."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

import numpy as np

from amanat.scope.calendar import gregorian_of, gregorian_of_jalali
from amanat.scope.candidate import ALTERNATIVE, HEADED
from amanat.scope.compiled import counted_by_caller
from amanat.scope.engine.arrays import text_of
from amanat.scope.engine.letters import CLASS, DIGIT, LETTER, WIDE
from amanat.scope.engine.state import THE_BIRTH_DATE, key_of, put, trust

YOUNGEST = 9  # years; a later day that says nothing about itself is hardly anybody's birth date


@counted_by_caller
def _key_of_day(day, st, T):
    rest = day
    for j in range(8):
        st.scratch[7 - j] = np.uint8(48 + rest % 10)
        rest //= 10
    return key_of(st, 8, T.tag[T.special[THE_BIRTH_DATE]])


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
def _number(b, i, end, most):
    """The number of at most so many digits at i, how many it has, and its end."""
    value = np.int64(0)
    n = 0
    while i < end and CLASS[b[i]] == DIGIT and n < most:
        value = value * 10 + (b[i] - 48)
        n += 1
        i += 1
    return value, n, i


@counted_by_caller
def _numeric(b, s, end, is_month_first, year_max):
    """End of the numeric date that begins at s, its day as YYYYMMDD, and another reading (0: none). End -1: no date."""
    v0, n0, j = _number(b, s, end, 5)
    if n0 == 0 or n0 > 4 or n0 == 3 or j + 1 >= end:
        return -1, 0, 0
    mark = b[j]
    if mark != 45 and mark != 47 and mark != 46 and mark != 32:
        return -1, 0, 0
    j += 1
    if mark == 46 and b[j] == 32:  # 12. 3. 1985
        j += 1
    v1, n1, j = _number(b, j, end, 3)
    if n1 == 0 or n1 > 2 or j + 1 >= end or b[j] != mark:
        return -1, 0, 0
    j += 1
    if mark == 46 and b[j] == 32:
        j += 1
    v2, n2, j = _number(b, j, end, 5)
    if n2 == 0 or n2 > 4 or n2 == 3:
        return -1, 0, 0
    # A letter may not follow, but for the T of a time; one of a wider script may.
    if j < end and CLASS[b[j]] != 0 and CLASS[b[j]] != WIDE and b[j] != 84 and b[j] != 116:
        return -1, 0, 0
    if n0 == 4:
        day = _any_day(v0, v1, v2) if n2 <= 2 else 0
        return (j, day, 0) if day else (-1, 0, 0)
    if n2 == 1:
        return -1, 0, 0
    year = _full_year(v2, n2, year_max)
    first = _any_day(year, v1, v0)
    other = _any_day(year, v0, v1) if year > 1500 else 0
    if is_month_first:
        first, other = other, first
    if first == 0:
        first, other = other, 0
    if first == other:
        other = 0
    return (j, first, other) if first else (-1, 0, 0)


@counted_by_caller
def at_date(s, st, T):
    """Notes the numeric date that begins at s; gives its end when something says that it is a birth date, else s.

    A day with the year in front (2024-03-12) can be nothing else: then it gives minus the end.
    """
    b = text_of(st)
    e, day, other = _numeric(b, s, st.end, st.is_month_first, st.year_max)
    if e < 0:
        return s
    me = T.special[THE_BIRTH_DATE]
    belief, flags = trust(T, st, me, s)
    is_only_day = s + 8 <= e and (b[s + 4] == 45 or b[s + 4] == 47) and (e >= st.end or b[e] != b[s + 4])
    if flags == 0 and day >= (st.year_max - YOUNGEST) * 10000:
        return -e if is_only_day else s
    put(st, s, e, me, flags, _key_of_day(day, st, T), belief)
    if other:
        put(st, s, e, me, np.uint8(flags | ALTERNATIVE), _key_of_day(other, st, T), belief)
    return e if flags else (-e if is_only_day else s)


@counted_by_caller
def at_month(word_start, word_end, month, st, T):
    """Notes the date around the name of a month: 12 March 1985, March 12, 1985, 5-MAY-85. Months 13 to 24 are Persian."""
    b = text_of(st)
    end = st.end
    # What stands before: a day of one or two digits, perhaps with st, nd, rd, th or a dot.
    s = word_start
    while s > st.floor and (b[s - 1] == 32 or b[s - 1] == 45 or b[s - 1] == 46 or b[s - 1] == 47):
        s -= 1
    if s - 3 >= st.floor and CLASS[b[s - 1]] == LETTER and CLASS[b[s - 2]] == LETTER and CLASS[b[s - 3]] == DIGIT:
        s -= 2
    day = np.int64(0)
    scale = 1
    n = 0
    while s > st.floor and CLASS[b[s - 1]] == DIGIT and n < 3:
        day += (b[s - 1] - 48) * scale
        scale *= 10
        n += 1
        s -= 1
    e = word_end
    while e < end and (b[e] == 32 or b[e] == 45 or b[e] == 46 or b[e] == 44 or b[e] == 47) and e - word_end < 3:
        e += 1
    if n == 0 or n > 2:
        # March 12, 1985
        s = word_start
        day, n, e = _number(b, e, end, 3)
        if n == 0 or n > 2:
            return
        while e < end and CLASS[b[e]] == LETTER and e - word_end < 8:
            e += 1
        q = e
        while e < end and (b[e] == 32 or b[e] == 44) and e - q < 2:
            e += 1
        if e == q:
            return
    year, n, e = _number(b, e, end, 5)
    year = _full_year(year, n, st.year_max)
    if month > 12:
        # A Persian year of two digits is one of the fourteenth century.
        value = gregorian_of_jalali(year if n == 4 else (1300 + year % 100 if n == 2 else 0), month - 12, day)
    else:
        value = gregorian_of(year, month, day)
    if value == 0:
        return
    me = T.special[THE_BIRTH_DATE]
    belief, flags = trust(T, st, me, s)
    if flags or value < (st.year_max - YOUNGEST) * 10000:
        put(st, s, e, me, flags, _key_of_day(value, st, T), belief)


@counted_by_caller
def eight_digits(s, e, me, st, T):
    """Notes 19850312 or 12031985 when it fills a column for birth dates."""
    b = text_of(st)
    if e - s != 8:
        return
    value, n, _ = _number(b, s, e, 9)
    if n != 8:
        return
    day = _any_day(value // 10000, value // 100 % 100, value % 100)
    if day == 0:
        day = _any_day(value % 10000, value // 10000 % 100, value // 1000000)
    if day:
        put(st, s, e, me, np.uint8(HEADED), _key_of_day(day, st, T), T.headed[me])
