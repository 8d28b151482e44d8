"""Names of the register anywhere in free text, and the address in the lines below them."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

import numpy as np

from amanat.scope.candidate import GUESSED
from amanat.scope.compiled import counted_by_caller
from amanat.scope.engine.arrays import names_of, text_of
from amanat.scope.engine.state import THE_ADDRESS, THE_NAME, put
from amanat.scope.engine.words import is_capital, key_of_sum, may_hold, sum_of_words, word_key


@counted_by_caller
def at_capital(s, e, st, T):
    """Notes the names of the register that end with the word at s..e: two to four words with a capital in a row."""
    b, names = text_of(st), names_of(st)
    if not is_capital(b, s):
        st.run_words = 0
        return
    if not _goes_on(s, st):
        st.run_words = 0
    if st.run_words == 4:
        for q in range(3):
            st.run_at[q] = st.run_at[q + 1]
            st.run_key[q] = st.run_key[q + 1]
        st.run_words = 3
    st.run_at[st.run_words] = s
    st.run_key[st.run_words] = word_key(b, s, e, st)
    st.run_words += 1
    st.run_end = e
    me = T.special[THE_NAME]
    total = st.run_key[st.run_words - 1]
    for q in range(st.run_words - 2, -1, -1):
        total += st.run_key[q]
        key = key_of_sum(total, T.tag[me], st)
        if may_hold(names, key):
            put(st, st.run_at[q], e, me, np.uint8(GUESSED), key, np.float32(0.4))
            if T.special[THE_ADDRESS] >= 0:
                _address_below(e, st, T)


@counted_by_caller
def _goes_on(s, st):
    """Whether only marks that stand within names are between the last such word and s."""
    b = text_of(st)
    if st.run_words == 0 or s - st.run_end > 3:
        return False
    for q in range(st.run_end, s):
        x = b[q]
        if x != 32 and x != 44 and x != 45 and x != 39 and x != 10 and x != 46 and x != 34:
            return False
    return True


@counted_by_caller
def _address_below(i, st, T):
    """Notes an address in the one to four lines below a name: kept only when the register knows it with that name."""
    b = text_of(st)
    st.open = -1  # what stands below may be in the next field
    me = T.special[THE_ADDRESS]
    end = st.end
    e = i
    while e < end and e - i < 3 and b[e] != 10:
        e += 1
    if e >= end or b[e] != 10:
        return
    s = e + 1
    total = np.uint64(0)
    n_words = 0
    for _ in range(4):
        begin = e + 1
        e = begin
        while e < end and b[e] != 10 and e - begin < 120:
            e += 1
        if e <= begin + 1:
            return
        more, words = sum_of_words(T, b, begin, e, True, st)
        total += more
        n_words += words
        if n_words >= 3:
            put(st, s, e, me, np.uint8(GUESSED), key_of_sum(total, T.tag[me], st), np.float32(0.3))
        if e >= end or b[e] != 10:
            return
