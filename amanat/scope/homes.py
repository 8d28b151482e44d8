"""Homes: the address of a known person in the middle of a text (`please send it to 12 rue des Lilas, 75001 Paris`).

No word says where an address begins or ends. Once we know whose record it is, that is not needed: the words of the
person's address in the register need only stand side by side.
"""

# Compiled loops are written plainly, and their types are Numba's.
# ruff: noqa: SIM110
# mypy: ignore-errors

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.scope.candidate import CANDIDATE, GUESSED
from amanat.scope.compiled import compiled
from amanat.scope.engine.letters import CLASS, DIGIT, FIELD
from amanat.scope.engine.words import key_of_sum, word_key
from amanat.scope.fold import fold_records
from amanat.scope.keys import columns_of
from amanat.scope.scan import Found, Scanner, empty_found, text_buffer
from amanat.scope.tables import field_tag

WORDS_LEAST, WORDS_MOST = 3, 16  # of an address; fewer words may stand side by side by chance
BELIEF = 0.95  # as of an address in its own field that the register has for the person
# Bytes of a record below which it holds no sentence with an address in it: of one text, and of a row that has a column for remarks.
TEXT_LEAST, TEXT_BESIDE_FIELDS = 32, 160
_AHEAD = 1 << 14  # words of one field that are looked through


@compiled
def homes_in(text, offsets, sure_from, sure, address, me, tag, state, out):
    """Writes the addresses of each record's persons into `out` (CANDIDATE, one for each person at most); gives how many.

    Record r has the persons `sure[sure_from[r]:sure_from[r + 1]]`, who live at `address` (a key each, 0: unknown).
    """
    st = state[0]
    keys = np.empty(_AHEAD, np.uint64)
    starts = np.empty(_AHEAD, np.int64)
    ends = np.empty(_AHEAD, np.int64)
    n_out = 0
    for r in range(offsets.size - 1):
        first, until = sure_from[r], sure_from[r + 1]
        n_sought = 0
        for q in range(first, until):
            n_sought += address[sure[q]] != 0
        if n_sought == 0:
            continue
        before = n_out
        i, end = offsets[r], offsets[r + 1]
        field = 0
        while i < end and n_out - before < n_sought:
            n_words, has_digit = 0, False
            while i < end and text[i] != FIELD:
                if CLASS[text[i]] == 0:
                    i += 1
                    continue
                s = i
                while i < end and CLASS[text[i]] != 0:
                    has_digit = has_digit or CLASS[text[i]] == DIGIT
                    i += 1
                if n_words < _AHEAD:
                    starts[n_words], ends[n_words] = s, i
                    n_words += 1
            if has_digit and n_words >= WORDS_LEAST:
                for w in range(n_words):
                    keys[w] = word_key(text, starts[w], ends[w], st)
                n_out = _in_words(keys, starts, ends, n_words, r, field, before, first, until, sure, address, me, tag, st, out, n_out)
            i += 1
            field += 1
    return n_out


@compiled
def _in_words(keys, starts, ends, n_words, r, field, before, first, until, sure, address, me, tag, st, out, n_out):
    for w in range(n_words - WORDS_LEAST + 1):
        total = np.uint64(0)
        for v in range(w, min(w + WORDS_MOST, n_words)):
            total += keys[v]
            if v - w + 1 < WORDS_LEAST:
                continue
            key = key_of_sum(total, tag, st)
            for q in range(first, until):
                if address[sure[q]] == key and not _is_noted(out, before, n_out, key):
                    out[n_out].key, out[n_out].start, out[n_out].end = key, starts[w], ends[v]
                    out[n_out].record, out[n_out].field = r, field
                    out[n_out].belief, out[n_out].identifier, out[n_out].flags = BELIEF, me, GUESSED
                    n_out += 1
    return n_out


@compiled
def _is_noted(out, before, n_out, key):
    for k in range(before, n_out):
        if out[k].key == key:
            return True
    return False


def with_homes(everything: Found, records: pa.RecordBatch, scanner: Scanner, begins: Any, sure: Any, address: Any) -> Found:
    """The candidates, and beside them the addresses of the persons of each record where no candidate is one of these already.

    Args:
        begins: [n_records + 1] where each record's persons begin in `sure`.
        address: [n_people] the key of each person's address; 0: unknown.
    """
    if "postal_address" not in scanner.names:
        return everything
    me = scanner.names.index("postal_address")
    rows = np.flatnonzero(np.diff(begins) > 0)
    if not len(rows):
        return everything
    labels = records.column("labels")
    is_open = np.array([scanner.may_hold_text(label or "") for label in labels.dictionary.to_pylist()] or [True])
    indices = labels.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    has_home = np.zeros(records.num_rows, bool)
    has_home[everything.record[(everything.identifier == me) & (everything.belief >= BELIEF)]] = True
    n_bytes = pc.fill_null(pc.binary_length(records.column("text")), 0).to_numpy(zero_copy_only=False)
    is_free = np.array([not label for label in labels.dictionary.to_pylist()] or [True])[np.maximum(indices, 0)] | (indices < 0)
    may = (is_open[np.maximum(indices, 0)] | (indices < 0)) & ~has_home & (n_bytes >= np.where(is_free, TEXT_LEAST, TEXT_BESIDE_FIELDS))
    rows = rows[may[rows]]
    if not len(rows):
        return everything
    b, offsets = text_buffer(records.column("text").take(pa.array(rows)))
    folded = fold_records(b, offsets)
    n_persons = begins[rows + 1] - begins[rows]
    of_rows = np.r_[0, np.cumsum(n_persons)]
    theirs = sure[np.repeat(begins[rows] - of_rows[:-1], n_persons) + np.arange(of_rows[-1])]
    room = np.zeros(len(theirs), CANDIDATE)
    n = homes_in(folded.text, folded.offsets, of_rows, theirs, address, me, np.uint64(field_tag("address")), scanner.state, room)
    if not n:
        return everything
    more = empty_found(n)
    columns_of(room[:n], folded.offsets, folded.turn_from, folded.turns, *more.columns())
    more.record[:] = rows[more.record]
    both = Found(*(np.concatenate(pair) for pair in zip(everything.columns(), more.columns(), strict=True)))
    return both.take(np.lexsort((both.start, both.record)))
