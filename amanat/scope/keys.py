"""Small loops over candidates and keys: which candidates stand, which field they are in, where a key is in a table."""

import numpy as np

from amanat.scope.compiled import compiled


@compiled
def field_numbers(b, begins, starts):  # type: ignore[no-untyped-def]
    """[n] number of the field that each place is in, from 0."""
    out = np.zeros(starts.size, np.int32)
    last_begin, last_start, count = np.int64(-1), np.int64(0), np.int32(0)
    for i in range(starts.size):
        if begins[i] != last_begin or starts[i] < last_start:
            last_begin, last_start, count = begins[i], begins[i], np.int32(0)
        for j in range(last_start, starts[i]):
            if b[j] == 0x1F:
                count += np.int32(1)
        last_start = starts[i]
        out[i] = count
    return out


@compiled
def stand(record, start, end, belief, flags):  # type: ignore[no-untyped-def]
    """[n] bool: not covered by a surer (or equally sure and longer) candidate of the same record; no second readings."""
    n = record.size
    keeps = np.ones(n, np.bool_)
    for i in range(n):
        if flags[i] & 1:
            keeps[i] = False
            continue
        # Candidates of a record are nearly in order; those that overlap are near each other in the list.
        for direction in (-1, 1):
            j = i + direction
            steps = 0
            while 0 <= j < n and record[j] == record[i] and steps < 64:
                if not flags[j] & 1 and start[j] < end[i] and start[i] < end[j]:
                    longer = (end[j] - start[j]) - (end[i] - start[i])
                    if belief[j] > belief[i] or (belief[j] == belief[i] and (longer > 0 or (longer == 0 and j < i))):
                        keeps[i] = False
                j += direction
                steps += 1
    return keeps
