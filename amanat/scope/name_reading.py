"""Reading names: where a name begins and ends in a text, and what stands around it that says so or not."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

import numpy as np

from amanat.scope.compiled import counted_by_caller
from amanat.scope.engine.letters import CLASS, LETTER, WIDE
from amanat.scope.engine.state import hash_of_word
from amanat.scope.introduced_words import GIVEN, NO_NAME, PARTICLE, PLACE, TITLE

WORDS_MOST = 5
NOBODY = (np.int64(-1), np.int64(-1), np.int64(0), False)


@counted_by_caller
def role_of(keys, roles, h):
    mask = np.uint64(keys.size - 1)
    at = h & mask
    while keys[at] != 0:
        if keys[at] == h:
            return roles[at]
        at = (at + np.uint64(1)) & mask
    return np.uint16(0)


@counted_by_caller
def is_letter(c):
    return CLASS[c] == LETTER or CLASS[c] == WIDE


@counted_by_caller
def end_of_word(b, i, end):
    while i < end and (CLASS[b[i]] == LETTER or CLASS[b[i]] == WIDE):
        i += 1
    return i


@counted_by_caller
def past_blanks(b, i, end):
    while i < end and b[i] == 32:
        i += 1
    return i


@counted_by_caller
def past_lines(b, i, end):
    """Behind the marks, blanks and ends of lines at i, and how many lines end there; `\\n` may be written as two characters."""
    n = 0
    while i < end:
        c = b[i]
        if c == 10:
            n += 1
        elif c == 92 and i + 1 < end and (b[i + 1] == 110 or b[i + 1] == 114):
            n += 1
            i += 1
        elif c != 32 and c != 13 and c != 9 and c != 44 and c != 46 and c != 33 and c != 45:
            break
        i += 1
    return i, n


@counted_by_caller
def is_end(b, i, end):
    """Whether a name that ends at i is followed by a mark or the end of its line."""
    i = past_blanks(b, i, end)
    if i >= end:
        return True
    c = b[i]
    return c == 10 or c == 13 or c == 44 or c == 33 or c == 58 or c == 59 or c == 46 or c == 63 or c == 92 or c == 40 or c == 124 or c == 60 or c == 9


@counted_by_caller
def name_at(b, i, end, most, keys, roles):
    """The name that begins at i: its start and end, how many words, and whether the first is a given name; start -1: none.

    Titles before it are passed over. Words have a capital, or are of a script without capitals.
    """
    e = i
    for _ in range(4):
        e = end_of_word(b, i, end)
        if e == i or not role_of(keys, roles, hash_of_word(b, i, e)) & TITLE:
            break
        if e < end and b[e] == 46:
            e += 1
        i = past_blanks(b, e, end)
    if i >= end or not is_letter(b[i]):
        return NOBODY
    if b[i] > 127 and end_of_word(b, i, end) - i >= 4 and CLASS[b[i]] == WIDE and b[i] >= 0xD8:
        return _persian(b, i, end, keys, roles)
    if b[i] >= 0xCE:
        most = min(most, 2)  # scripts whose capitals the folding does not keep
    start, stop, n = i, i, 0
    has_given = False
    at = i
    while at < end and n < most:
        e = end_of_word(b, at, end)
        if e == at:
            break
        role = role_of(keys, roles, hash_of_word(b, at, e))
        is_high = 65 <= b[at] <= 90 or CLASS[b[at]] == WIDE
        is_initial = e == at + 1 and is_high
        if role & (NO_NAME | PLACE) and not (is_initial and e < end and b[e] == 46) and not (n > 0 and role & PARTICLE):
            if role & PLACE and n > 0 and is_high:
                return NOBODY
            break
        if is_high:
            n += 1
            if n == 1:
                has_given = role & GIVEN != 0
            stop = e
            if is_initial and e < end and b[e] == 46:
                e += 1
        elif not role & PARTICLE:
            break
        # One blank, a hyphen, or an apostrophe goes on; `'s` does not.
        if e >= end:
            break
        if b[e] == 39 and (e + 1 >= end or (b[e + 1] == 115 and (e + 2 >= end or not is_letter(b[e + 2])))):
            break
        if b[e] == 32 or b[e] == 45 or b[e] == 39:
            e += 1
        elif e == stop:
            break
        at = e
    if n == 0 or stop - start < 2:
        return NOBODY
    # A letter alone at the end is the next word (`Hi Paul I …`).
    if stop - start > 2 and b[stop - 2] == 32 and not (stop < end and b[stop] == 46):
        stop -= 2
        n -= 1
    e = past_blanks(b, stop, end)
    if e > stop and e < end and 65 <= b[e] <= 90 and role_of(keys, roles, hash_of_word(b, e, end_of_word(b, e, end))) & PLACE:
        return NOBODY
    return start, stop, np.int64(n), has_given


@counted_by_caller
def is_of_street(b, begin, s, e, end):
    """Whether numbers stand beside the name: streets are named after persons (`12 Anna Lindh Way`, `Tom Larsens vei 83`)."""
    q = s
    while q > begin and b[q - 1] == 32:
        q -= 1
    if q > begin and 48 <= b[q - 1] <= 57:
        return True
    # The number behind it, over one word at most.
    for _ in range(2):
        e = past_blanks(b, e, end)
        if e < end and 48 <= b[e] <= 57:
            return True
        e = end_of_word(b, e, end)
        if e >= end or b[e] != 32:
            return False
    return False


@counted_by_caller
def is_speaker(b, begin, s, e, end):
    """Whether the word begins a line and a colon follows, as in a written talk."""
    if e >= end or b[e] != 58 or e + 1 >= end or (b[e + 1] != 32 and b[e + 1] != 34):
        return False
    return s == begin or b[s - 1] == 10 or (s - begin >= 2 and b[s - 2] == 92)


@counted_by_caller
def _persian(b, i, end, keys, roles):
    """As `name_at`, where letters have no capitals: given names that we know and one more word; else one word alone."""
    start, stop, n = i, i, 0
    has_given = False
    at = i
    while at < end and n < 4:
        e = end_of_word(b, at, end)
        if e - at < 4:
            break
        role = role_of(keys, roles, hash_of_word(b, at, e))
        if role & (NO_NAME | PLACE | TITLE):
            break
        n += 1
        stop = e
        is_given = role & GIVEN != 0
        if n == 1:
            has_given = is_given
        if not is_given or e >= end or b[e] != 32:
            break
        at = e + 1
    if n == 0:
        return NOBODY
    return start, stop, np.int64(n), has_given


@counted_by_caller
def name_before_mail(b, at, floor, end, keys, roles):
    """The name before `<address@…>` whose `<` stands at `at`."""
    q = at + 1
    while q < end and q - at < 80 and b[q] > 32 and b[q] != 62 and b[q] != 64:
        q += 1
    if q >= end or b[q] != 64:
        return NOBODY
    e = at
    while e > floor and (b[e - 1] == 32 or b[e - 1] == 34 or b[e - 1] == 39):
        e -= 1
    s = e
    n_commas = 0
    while s > floor and e - s < 60:
        c = b[s - 1]
        if c == 44:
            n_commas += 1
            # `"Ahmadi, Sara" <…>`: within quotes, one comma parts the names.
            if n_commas > 1 or not (e < at and b[e] == 34):
                break
        elif CLASS[c] == 0 and c != 32 and c != 45 and c != 39 and c != 46:
            break
        s -= 1
    s = past_blanks(b, s, e)
    if s >= e:
        return NOBODY
    first, stop, n, has_given = name_at(b, s, e, WORDS_MOST, keys, roles)
    if first >= 0 and stop < e and b[stop] == 44:
        more = name_at(b, past_blanks(b, stop + 1, e), e, WORDS_MOST, keys, roles)
        if more[0] >= 0:
            stop, n = more[1], n + more[2]
    if first < 0 or past_blanks(b, stop, e) < e:
        return NOBODY
    return first, stop, n, has_given
