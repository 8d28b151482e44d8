"""Own names: a name that a text presents, and that resembles the name of the person whose record it is, is theirs (`Dear Mr Olsen` to Olson)."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from amanat.scope.compiled import compiled
from amanat.scope.introduced import INTRODUCED
from amanat.scope.people import People
from amanat.scope.scan import Found
from amanat.scope.sound_distance import as_codes, costs, nearness
from amanat.scope.spelled import Vocabulary

_MISTAKE = 2  # of sound_distance.nearness: at most a mistake apart


@compiled
def _is_like(name_from, sounds, lengths, who_from, who, K, change, within, between):
    """[n] whether a word of each name sounds like one in the names of its persons."""
    is_like = np.zeros(name_from.size - 1, np.bool_)
    for i in range(name_from.size - 1):
        for q in range(who_from[i], who_from[i + 1]):
            p = who[q]
            for w in range(name_from[i], name_from[i + 1]):
                if lengths[w] & 63 < 2:
                    continue
                for k in range(K.name_from[p], K.name_from[p + 1]):
                    word = K.name_words[k]
                    if word >= 0 and nearness(sounds[w], lengths[w], K.sounds[word], K.lengths[word], change, within, between) >= _MISTAKE:
                        is_like[i] = True
    return is_like


def with_own_names(found: Found, texts: pa.Array, begins: Any, sure: Any, people: People) -> Found:
    """The candidates; presented names that are like those of their record's persons count as found by the register.

    Args:
        begins: [n_records + 1] where each record's persons begin in `sure`.
    """
    is_settled = begins[1:] > begins[:-1]
    rows = np.flatnonzero(((found.flags & INTRODUCED) != 0) & is_settled[found.record])
    if not len(rows):
        return found
    records, which = np.unique(found.record[rows], return_inverse=True)
    whole = texts.take(pa.array(records)).to_pylist()
    names = [whole[w][found.start[i] : found.end[i]].replace(";", " ") for w, i in zip(which.tolist(), rows.tolist(), strict=True)]
    vocabulary = Vocabulary()
    name_from, name_words = vocabulary.names(pa.array(names, pa.large_string()))
    sounds, lengths = as_codes(list(vocabulary.number))
    n = begins[found.record[rows] + 1] - begins[found.record[rows]]
    who_from = np.r_[0, np.cumsum(n)]
    who = sure[np.repeat(begins[found.record[rows]] - who_from[:-1], n) + np.arange(who_from[-1])]
    is_like = _is_like(name_from.astype(np.int64), sounds[name_words], lengths[name_words], who_from, who, people.known, *costs())
    flags = found.flags.copy()
    flags[rows[is_like]] &= np.uint8(255 - INTRODUCED)
    return replace(found, flags=flags)
