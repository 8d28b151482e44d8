"""Values that have no shape of their own: whatever stands in a field with the right name, or after a label."""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM109
# mypy: ignore-errors

import numpy as np

from amanat.scope.candidate import HEADED, NEAR_WORD
from amanat.scope.compiled import counted_by_caller
from amanat.scope.engine.arrays import text_of
from amanat.scope.engine.dates import eight_digits
from amanat.scope.engine.letters import CLASS, DIGIT, FIELD, has_class, is_hex_digest, is_nothing, trimmed
from amanat.scope.engine.state import (
    ADDRESS,
    ADDRESS_PART,
    DATE,
    FAMILY_NAME,
    GIVEN_NAME,
    LINE,
    THE_HASH,
    THE_NAME,
    THE_PASSWORD,
    WORD,
    key_of,
    put,
)
from amanat.scope.engine.words import key_of_sum, sum_of_words

VALUE_MAX = 192  # bytes of a value that its key is made of


@counted_by_caller
def key_of_value(T, me, s, e, st):
    """Key of a whole value. Numbers of our own are compared without case and separators, all others as they stand."""
    b = text_of(st)
    m = 0
    is_number = T.form[me] == WORD and T.tag[me] != 0
    for j in range(s, e):
        if m >= VALUE_MAX:
            break
        c = b[j]
        if is_number:
            if CLASS[c] == 0:
                continue
            c = np.uint8(c - 32) if 97 <= c <= 122 else c
        st.scratch[m] = c
        m += 1
    return key_of(st, m, T.tag[me])


@counted_by_caller
def note_value(s, e, me, flags, belief, st, T):
    """Notes the value at s..e of an identifier whose value is whatever stands there."""
    b = text_of(st)
    s, e = trimmed(b, s, e)
    if is_nothing(b, s, e):
        return
    form = T.form[me]
    if form == WORD or form == LINE:
        _note_text(s, e, me, flags, belief, st, T)
        return
    if e - s > 300:
        return
    is_address = form == ADDRESS or form == ADDRESS_PART
    if not is_address and has_class(b, s, e, DIGIT):
        return
    total, n_words = sum_of_words(T, b, s, e, is_address, st)
    if n_words == 0 or (not is_address and n_words > 8) or (form == ADDRESS and n_words < 2):
        return
    # A single word is too little to know anybody by: the key of a lone part is never compared.
    put(st, s, e, me, flags, key_of_sum(total, T.tag[me], st), belief)
    if form == GIVEN_NAME or form == FAMILY_NAME:
        st.open = -1  # what it adds to the record cannot be repeated by its candidates alone
        at = 0 if form == GIVEN_NAME else 1
        if st.part_key[at] == 0:
            _note_part(at, total, s, e, st)
    elif form == ADDRESS_PART:
        st.open = -1
        if st.part_end[2] == 0:
            _note_part(2, total, s, e, st)
        else:
            st.part_key[2] += total
            st.part_end[2] = e


@counted_by_caller
def _note_part(at, total, s, e, st):
    st.part_key[at] = total
    st.part_start[at] = s
    st.part_end[at] = e
    st.part_field[at] = st.field


@counted_by_caller
def _note_text(s, e, me, flags, belief, st, T):
    b = text_of(st)
    if me == T.special[THE_PASSWORD] and T.special[THE_HASH] >= 0:
        if is_hex_digest(b, s, e):
            me = T.special[THE_HASH]
        elif e - s > 20 and (b[s] == 36 or b[s] == 123):
            return  # `$2b$…` is found as a literal
    if e - s > 200 or (T.needs_digit[me] and not has_class(b, s, e, DIGIT)):
        return
    put(st, s, e, me, flags, key_of_value(T, me, s, e, st), belief)


@counted_by_caller
def note_field(i, e, st, T, value_from, value_of):
    """Notes the values that the whole field i..e is by its header; gives where to go on: behind a password, else i."""
    b = text_of(st)
    is_password = False
    for k in range(value_from[st.hint], value_from[st.hint + 1]):
        me = value_of[k]
        if me == T.special[THE_HASH]:
            s, q = trimmed(b, i, e)
            if is_hex_digest(b, s, q):
                put(st, s, q, me, np.uint8(HEADED), key_of_value(T, me, s, q, st), T.headed[me])
        elif T.form[me] == DATE:
            eight_digits(i, e, me, st, T)
        else:
            before = st.n
            note_value(i, e, me, np.uint8(HEADED), T.headed[me], st, T)
            is_password = is_password or (me == T.special[THE_PASSWORD] and st.n > before)
    return e if is_password else i


@counted_by_caller
def note_labelled(i, me, st, T):
    """Notes the value after a label (`Password: …`) that ends at i."""
    b = text_of(st)
    end = st.end
    q = i
    while q < end and (b[q] == 34 or b[q] == 39 or b[q] == 32 or b[q] == 42) and q - i < 4:
        q += 1
    if q >= end or (b[q] != 58 and b[q] != 61):
        return
    q += 1
    if q < end and b[q - 1] == 61 and (b[q] == 61 or b[q] == 62):  # == and => are programs
        return
    while q < end and (b[q] == 32 or b[q] == 9 or b[q] == 34 or b[q] == 39 or b[q] == 42):
        q += 1
    if me == T.special[THE_HASH]:
        e = _end_of_word(b, q, end)
        if e > q and is_hex_digest(b, q, e):
            put(st, q, e, me, np.uint8(NEAR_WORD), key_of_value(T, me, q, e, st), T.near[me])
        return
    e = _end_of_word(b, q, end) if T.form[me] == WORD else _end_of_line(b, q, end, 160)
    if e <= q:
        return
    if (T.form[me] == GIVEN_NAME or T.form[me] == FAMILY_NAME) and T.special[THE_NAME] >= 0:
        _, n_words = sum_of_words(T, b, q, e, False, st)
        if n_words > 1:
            me = T.special[THE_NAME]
    note_value(q, e, me, np.uint8(NEAR_WORD), max(T.near[me], np.float32(0.6)), st, T)


@counted_by_caller
def _end_of_line(b, i, end, longest):
    j = i
    while j < end and b[j] != 10 and b[j] != 13 and b[j] != FIELD and b[j] != 9 and b[j] != 59 and b[j] != 124 and j - i < longest:
        j += 1
    return j


@counted_by_caller
def _end_of_word(b, i, end):
    j = i
    while j < end and b[j] > 32 and b[j] != 34 and b[j] != FIELD and j - i < 200:
        j += 1
    while j > i and (b[j - 1] == 44 or b[j - 1] == 59):
        j -= 1
    return j


@counted_by_caller
def note_joined_parts(st, T, the_address):
    """A given and a family name of one record are a full name; so are the parts of an address."""
    name = T.special[THE_NAME]
    if name >= 0 and st.part_key[0] != 0 and st.part_key[1] != 0:
        st.field = st.part_field[0]
        key = key_of_sum(st.part_key[0] + st.part_key[1], T.tag[name], st)
        put(st, st.part_start[0], st.part_end[0], name, np.uint8(HEADED), key, T.headed[name])
    if the_address >= 0 and st.part_end[2] != 0:
        st.field = st.part_field[2]
        key = key_of_sum(st.part_key[2], T.tag[the_address], st)
        put(st, st.part_start[2], st.part_end[2], the_address, np.uint8(HEADED), key, T.headed[the_address])
