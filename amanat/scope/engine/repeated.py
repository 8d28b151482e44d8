"""Repeated fields: dumps and logs hold the same values again and again, and what was found in one is not looked for anew.

What a field holds depends on its bytes, on its header and on what is known of the record, on nothing else. So where a later record of
the batch has a field with the same bytes, its candidates are those of the first, at another place. Bytes are compared, not only hashes.
"""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

import numpy as np

from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.eight_bytes import eight_bytes
from amanat.scope.engine.arrays import room_of, text_of
from amanat.scope.engine.state import COLUMNS_KNOWN, GOLD, REPEATED

SHORTEST, LONGEST_FIELD = 8, 200  # what is shorter is read as quickly, what is longer hardly comes again
# Columns of STATE's `repeated`: the call of the scan, the field's place, what else its findings depend on, and its candidates.
_CALL, _BEGIN, _END, _HINT, _RECORD, _FIRST, _UNTIL = range(7)


@counted_by_caller
def _row_of(b, s, e, hint):
    """The row for a field with these bytes."""
    h = np.uint64(hint) * GOLD ^ np.uint64(e - s)
    i = s
    while i + 8 <= e:
        h = (h ^ eight_bytes(b, i)) * GOLD
        h ^= h >> np.uint64(29)
        i += 8
    h = (h ^ eight_bytes(b, e - 8)) * GOLD
    return np.int64(h >> np.uint64(32)) % REPEATED


@counted_by_caller
def _is_same(b, s, e, begin):
    """Whether the bytes s..e stand at `begin` as well."""
    shift = begin - s
    i = s
    while i + 8 <= e:
        if eight_bytes(b, i) != eight_bytes(b, i + shift):
            return False
        i += 8
    return eight_bytes(b, e - 8) == eight_bytes(b, e - 8 + shift)


@inlined
def may_repeat(st, column):
    """Whether fields in this column came again so far: the first few are tried, and then only where every fourth did."""
    tried = st.tried[column & (COLUMNS_KNOWN - 1)]
    return tried < 32 or st.came_again[column & (COLUMNS_KNOWN - 1)] * 4 >= tried


@counted_by_caller
def is_repeated(s, e, column, st):
    """Whether the field s..e was seen in this batch: then its candidates are noted. Otherwise `st.open` says where to remember it."""
    b = text_of(st)
    column &= COLUMNS_KNOWN - 1
    st.tried[column] += 1
    at = _row_of(b, s, e, st.hint)
    row = st.repeated[at]
    of_record = st.country * 2 + st.is_month_first
    is_like = row[_CALL] == st.call and row[_HINT] == st.hint and row[_RECORD] == of_record and row[_END] - row[_BEGIN] == e - s
    if is_like and _is_same(b, s, e, row[_BEGIN]):
        st.came_again[column] += 1
        _note_again(s - row[_BEGIN], row[_FIRST], row[_UNTIL], st)
        return True
    st.open = at
    return False


@counted_by_caller
def _note_again(shift, first, until, st):
    """Notes candidates once more, so many bytes further on in the present field."""
    out = room_of(st)
    for k in range(first, until):
        if k < out.size and st.n < out.size:
            was, c = out[k], out[st.n]
            c.key = was.key
            c.start = was.start + shift
            c.end = was.end + shift
            c.record = st.record
            c.field = st.field
            c.belief = was.belief
            c.identifier = was.identifier
            c.flags = was.flags
        st.n += 1


@counted_by_caller
def remember(s, e, first, st):
    """Remembers the field s..e, whose candidates are those from number `first` on."""
    row = st.repeated[st.open]
    row[_CALL] = st.call
    row[_BEGIN] = s
    row[_END] = e
    row[_HINT] = st.hint
    row[_RECORD] = st.country * 2 + st.is_month_first
    row[_FIRST] = first
    row[_UNTIL] = st.n
