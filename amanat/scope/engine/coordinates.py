"""Places on the earth as two numbers: latitude and longitude in degrees, with at least four digits behind the point."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

from amanat.scope.compiled import counted_by_caller
from amanat.scope.engine.arrays import text_of
from amanat.scope.engine.letters import CLASS, DIGIT, is_glued_right
from amanat.scope.engine.state import THE_COORDINATES, key_as_is, put, trust

DECIMALS_MIN, DECIMALS_MAX = 4, 16  # four are eleven metres; fewer name a quarter, and prices look like them


@counted_by_caller
def _end_of_degrees(b, i, end, most):
    """End of a number of degrees from 0 to `most` at i, or -1."""
    degrees = 0
    j = i
    while j < end and CLASS[b[j]] == DIGIT and j - i < 3:
        degrees = degrees * 10 + (b[j] - 48)
        j += 1
    if j == i or j >= end or b[j] != 46 or degrees > most:
        return -1
    j += 1
    begin = j
    while j < end and CLASS[b[j]] == DIGIT and j - begin <= DECIMALS_MAX:
        j += 1
    return j if DECIMALS_MIN <= j - begin <= DECIMALS_MAX else -1


@counted_by_caller
def at_coordinates(s, st, T):
    """Notes the latitude at s with the longitude behind it (`48.85661, 2.35222`); gives the end, or s."""
    b = text_of(st)
    end = st.end
    j = _end_of_degrees(b, s, end, 90)
    if j < 0:
        return s
    begin = j
    while j < end and (b[j] == 44 or b[j] == 32 or b[j] == 59) and j - begin < 3:
        j += 1
    if j == begin:
        return s
    if j < end and b[j] == 45:
        j += 1
    e = _end_of_degrees(b, j, end, 180)
    if e < 0 or is_glued_right(b, e, end):
        return s
    me = T.special[THE_COORDINATES]
    belief, flags = trust(T, st, me, s)
    put(st, s, e, me, flags, key_as_is(s, e, st, T.tag[me]), belief)
    return e
