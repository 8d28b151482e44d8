"""Small loops over candidates: into columns, and which of them stand."""

import numpy as np

from amanat.scope.compiled import compiled
from amanat.scope.fold import character_of


@compiled
def columns_of(candidates, begins, turn_from, turns, record, start, end, identifier, flags, key, belief, field):  # type: ignore[no-untyped-def]
    """Writes candidates into columns, with characters within the record's text in place of folded bytes."""
    for i in range(candidates.size):
        c = candidates[i]
        r = c.record
        if turn_from.size:
            first, until = turn_from[r], turn_from[r + 1]
            start[i] = character_of(turns, first, until, begins[r], c.start)
            end[i] = character_of(turns, first, until, begins[r], max(c.end - 1, 0)) + 1
        else:
            start[i] = c.start - begins[r]
            end[i] = c.end - begins[r]
        record[i] = r
        identifier[i] = c.identifier
        flags[i] = c.flags
        key[i] = c.key
        belief[i] = c.belief
        field[i] = c.field


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
