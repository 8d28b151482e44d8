"""The pass over the text: finds words, numbers and marks, and hands each to the file that knows it.

Every read is checked against the bounds of its own record, so that no input can make it read elsewhere.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM102, SIM109
# mypy: ignore-errors

import numpy as np

from amanat.scope.compiled import counted_by_caller
from amanat.scope.engine.dates import at_date, at_month
from amanat.scope.engine.letters import CLASS, DIGIT, HEX, LETTER, end_of_digits, end_of_token, is_glued_left
from amanat.scope.engine.mail import at_email
from amanat.scope.engine.names import at_capital
from amanat.scope.engine.network import at_ip4, at_ip6
from amanat.scope.engine.patterns import at_literal, at_run
from amanat.scope.engine.phones import DIGITS_MAX, DIGITS_MIN, at_phone
from amanat.scope.engine.state import (
    LINE,
    NAME,
    THE_ADDRESS,
    THE_BIRTH_DATE,
    THE_HASH,
    THE_IP,
    THE_NAME,
    THE_PHONE,
    WORD,
    hash_of_word,
)
from amanat.scope.engine.values import note_field, note_joined_parts, note_labelled
from amanat.scope.engine.words import forget_words, may_mean, meanings, phrase_of

# What a mark can begin, see tables.py.
NEW_FIELD, AT_SIGN, COLON, PLUS, BRACKET, BEGINNING = 1, 2, 3, 4, 5, 6
# What a word means, see tables.py.
NEAR, LABEL, MONTH, _, LABEL_WHOLE = range(5)


@counted_by_caller
def _enter_field(b, i, st, T, C, out):
    """Begins a field; gives where to go on in it."""
    schema = C.schema_of_record[st.record]
    at = C.field_from[schema] + st.field
    st.floor = i
    st.hint = C.field_hints[at] if at < C.field_from[schema + 1] else 0
    st.run_words = 0
    forget_words(st)
    if C.value_from[st.hint] < C.value_from[st.hint + 1]:
        return note_field(b, i, st, T, C, out)
    return i


@counted_by_caller
def _at_mark(b, i, mark, st, T, C, out):
    """What begins at a mark; gives where to go on."""
    end = st.end
    if mark == NEW_FIELD:
        st.field += 1
        return _enter_field(b, i + 1, st, T, C, out)
    if mark == AT_SIGN:
        return at_email(b, i, st, T, C, out)
    if mark == COLON:
        if i + 1 < end and (HEX[b[i + 1]] or b[i + 1] == 58):
            return max(i + 1, at_ip6(b, i, st, T, C, out))
        return i + 1
    if mark == BEGINNING:
        return max(i + 1, at_literal(b, i, st, T, C, out))
    is_plus = mark == PLUS
    if i + 1 >= end or not (CLASS[b[i + 1]] == DIGIT or (is_plus and b[i + 1] == 40)):
        return i + 1
    if (i > st.begin and (CLASS[b[i - 1]] == DIGIT or CLASS[b[i - 1]] == LETTER)) or CLASS[b[i + 1]] != DIGIT:
        return i + 1
    e = at_phone(b, i, st, T, C, out)
    if e > i:
        return e
    # What follows a plus is no national spelling: pass over its digits.
    return end_of_digits(b, i + 1, end) if is_plus else i + 1


@counted_by_caller
def _meant_by(b, s, e, st, T, C, out):
    """What the word at s..e says, alone and with the one or two before it: about values nearby, behind it, or a month."""
    words = T.words
    h = hash_of_word(b, s, e)
    if not words.endings[h & np.uint64(0xFFFF)]:
        return
    for length in range(3, 0, -1):
        phrase = phrase_of(b, st, h, length)
        if phrase == 0 and length > 1:
            continue
        first, until = meanings(words, phrase)
        for m in range(first, until):
            me, meaning = words.meanings[m, 0], words.meanings[m, 1]
            if meaning == NEAR or meaning == LABEL:
                st.near[me] = e
            if meaning == LABEL or meaning == LABEL_WHOLE:
                form = T.identifiers[me].form
                is_whole_value = form == WORD or form == LINE or form >= NAME or me == T.special[THE_HASH]
                # A label that must be the whole name is none behind another word.
                if is_whole_value and st.hint == 0 and not (meaning == LABEL_WHOLE and length == 1 and st.word[1] >= 0):
                    note_labelled(b, e, me, st, T, out)
            elif meaning == MONTH and T.special[THE_BIRTH_DATE] >= 0:
                at_month(b, s, e, me, st, T, C, out)


@counted_by_caller
def _at_word(b, s, k, st, T, C, out):
    """A word begins at s; gives where to go on."""
    end = st.end
    # Letters of two scripts are two words.
    i = s + 1
    while i < end and CLASS[b[i]] == k:
        i += 1
    is_mixed = k == LETTER and i < end and CLASS[b[i]] == DIGIT
    if not is_mixed:
        if st.word[1] >= 0 and s - st.word[1] > 2:
            forget_words(st)
        if may_mean(T.words, b, s, i):
            _meant_by(b, s, i, st, T, C, out)
        st.word[2], st.word[3] = st.word[0], st.word[1]
        st.word[0], st.word[1] = s, i
        if C.names.size > 1 and st.hint == 0 and T.special[THE_NAME] >= 0:
            at_capital(b, s, i, st, T, C, out)
        # Two letters and a number may be one value (`AB 123456`).
        if not (i - s <= 4 and k == LETTER and i + 1 < end and (b[i] == 32 or b[i] == 45 or b[i] == 46) and CLASS[b[i + 1]] == DIGIT):
            return i
    else:
        forget_words(st)
    e = at_literal(b, s, st, T, C, out)
    if e > s:
        return e
    e = at_run(b, s, st, T, C, out)
    if e > s:
        forget_words(st)
        return e
    return end_of_token(b, i, end) if is_mixed else i


@counted_by_caller
def _at_number(b, s, st, T, C, out):
    """A number begins at s: date, address, telephone, then the patterns; gives where to go on."""
    end = st.end
    i = end_of_digits(b, s + 1, end)
    size = i - s
    after = b[i] if i < end else np.uint8(0)
    before = b[s - 1] if s > st.begin else np.uint8(0)
    best = s
    if (after == 46 or after == 45 or after == 47 or after == 32 or size >= DIGITS_MIN) and not is_glued_left(b, st.begin, s):
        if after == 46 and size <= 3 and T.special[THE_IP] >= 0:
            e = at_ip4(b, s, st, T, C, out)
            if e > s:
                return e
        if size <= 4 and T.special[THE_BIRTH_DATE] >= 0:
            e = at_date(b, s, st, T, C, out)
            if e > s:
                return e
    if T.special[THE_PHONE] >= 0 and size <= DIGITS_MAX and CLASS[after] != LETTER and before != 40 and before != 36 and before != 35:
        if (size >= DIGITS_MIN or (i + 1 < end and CLASS[after] == 0)) and not is_glued_left(b, st.begin, s):
            best = at_phone(b, s, st, T, C, out)
    e = at_literal(b, s, st, T, C, out)
    if e > s:
        return e
    best = max(best, at_run(b, s, st, T, C, out))
    if best > s:
        forget_words(st)
        return best
    return end_of_token(b, i, end)


@counted_by_caller
def scan(b, offsets, T, C, state, out, begin):
    """Scans records from number `begin` on; gives (number of candidates, record to go on with).

    When the room of `out` runs out inside a record, that record is left for the next call.
    """
    st = state[0]
    st.near[:] = -1
    st.n = 0
    for r in range(begin, offsets.size - 1):
        kept = st.n
        i, end = offsets[r], offsets[r + 1]
        st.record, st.begin, st.end, st.field = r, i, end, 0
        st.is_month_first = C.is_month_first[r] if C.is_month_first.size > 0 else 0
        for part in range(3):
            st.part_key[part] = 0
            st.part_end[part] = 0
        i = _enter_field(b, i, st, T, C, out)
        while i < end:
            c = b[i]
            k = CLASS[c]
            if k == DIGIT:
                i = _at_number(b, i, st, T, C, out)
            elif k != 0:
                i = _at_word(b, i, k, st, T, C, out)
            elif T.marks[c] == 0:
                i += 1
            else:
                i = _at_mark(b, i, T.marks[c], st, T, C, out)
        note_joined_parts(st, T, out, T.special[THE_ADDRESS])
        if st.n > out.size:
            return kept, r
    return st.n, offsets.size - 1
