"""Words: which of them mean something to the scan, and keys of names, whose words may stand in any order."""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM110
# mypy: ignore-errors

import numpy as np

from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.engine.arrays import text_of
from amanat.scope.engine.letters import CLASS, DIGIT, LOWER, WIDE
from amanat.scope.engine.state import GOLD, hash_of_word
from amanat.scope.siphash import sip_word, siphash

TITLE = 3  # tables.TITLE
_WORD_TAG = np.uint64(0x776F7264)


@inlined
def lengths_like(T, b, s, e):
    """Bits: the lengths of words of the vocabulary with these first two letters; bit 0: a literal begins with them."""
    second = LOWER[b[s + 1]] if e - s > 1 else 0
    return T.word_lengths[(np.int64(LOWER[b[s]]) << 8) | second]


@inlined
def may_mean(T, b, s, e):
    """Whether a word with these first two letters and this length can end a phrase of the vocabulary: quick, and mostly no."""
    return (lengths_like(T, b, s, e) >> np.uint32(min(e - s, 31))) & np.uint32(1)


@counted_by_caller
def meanings(T, h):
    """From and until in `meanings` of a phrase with this hash; the same when it has none."""
    if h == 0:
        h = np.uint64(1)
    mask = np.uint64(T.phrase_key.size - 1)
    at = h & mask
    while T.phrase_key[at] != 0:
        if T.phrase_key[at] == h:
            return T.phrase_first[at], T.phrase_until[at]
        at = (at + np.uint64(1)) & mask
    return np.int64(0), np.int64(0)


@counted_by_caller
def phrase_of(st, h, length):
    """Hash of the last `length` words, the present one (whose hash is h) among them; 0 when there are not so many."""
    b = text_of(st)
    if length == 1:
        return h
    if st.word[1] < 0:
        return np.uint64(0)
    before = hash_of_word(b, st.word[0], st.word[1])
    if length == 2:
        return (before * GOLD) ^ h
    if st.word[3] < 0:
        return np.uint64(0)
    return ((hash_of_word(b, st.word[2], st.word[3]) * GOLD) ^ before) * GOLD ^ h


@counted_by_caller
def is_title(T, b, s, e):
    """Whether a word is a form of address (Mr, Madame), which is no part of a name."""
    if not may_mean(T, b, s, e):
        return False
    first, until = meanings(T, hash_of_word(b, s, e))
    for k in range(first, until):
        if T.meanings[k, 1] == TITLE:
            return True
    return False


@counted_by_caller
def word_key(b, s, e, st):
    """Key of one word without case; a word longer than 128 bytes is known by its beginning."""
    n = min(e - s, 128)
    for j in range(n):
        st.scratch[j] = LOWER[b[s + j]]
    return siphash(st.scratch, n, st.k0 ^ _WORD_TAG, st.k1)


@counted_by_caller
def sum_of_words(T, b, s, e, with_digits, st):
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
        if with_digits or not is_title(T, b, i, j):
            total += word_key(b, i, j, st)
            n += 1
        i = j
    return total, n


@counted_by_caller
def key_of_sum(total, tag, st):
    """Key of a sum of words for a field."""
    return sip_word(total, tag, st.k0, st.k1)


@counted_by_caller
def is_capital(b, s):
    """Whether a name can begin here; scripts beyond ASCII have no case that we look at."""
    return (65 <= b[s] <= 90) or CLASS[b[s]] == WIDE


@counted_by_caller
def may_hold(keys, key):
    """Whether the Bloom filter may hold the key."""
    mask = np.uint64(keys.size * 8 - 1)
    for shift in (np.uint64(0), np.uint64(21), np.uint64(37)):
        bit = (key >> shift | key << (np.uint64(64) - shift if shift else np.uint64(0))) & mask
        if not (keys[bit >> np.uint64(3)] >> np.uint8(bit & np.uint64(7))) & np.uint8(1):
            return False
    return True
