"""Internet addresses, version 4 and 6."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

import numpy as np

from amanat.scope.compiled import counted_by_caller
from amanat.scope.engine.arrays import text_of
from amanat.scope.engine.letters import CLASS, DIGIT, HEX, LOWER
from amanat.scope.engine.state import THE_IP, THE_MAC, key_of, put, trust


@counted_by_caller
def _end_of_ip4(b, s, end):
    """End of the IPv4 address that begins at s, or -1."""
    j = s
    for part in range(4):
        value = 0
        n = 0
        while j < end and CLASS[b[j]] == DIGIT and n < 4:
            value = value * 10 + (b[j] - 48)
            n += 1
            j += 1
        if n == 0 or n > 3 or value > 255 or (n > 1 and b[j - n] == 48):
            return -1
        if part < 3:
            if j >= end or b[j] != 46:
                return -1
            j += 1
    if j < end and (
        CLASS[b[j]] != 0
        or b[j] == 95
        or (b[j] == 46 and j + 1 < end and CLASS[b[j + 1]] != 0)
        or (b[j] == 45 and j + 1 < end and CLASS[b[j + 1]] == DIGIT)
    ):
        return -1
    return j


@counted_by_caller
def _four_bytes(s, e, st, at):
    """Writes the four parts of an IPv4 address into the scratch."""
    b = text_of(st)
    value = 0
    for j in range(s, e):
        if b[j] == 46:
            st.scratch[at] = np.uint8(value)
            at += 1
            value = 0
        else:
            value = value * 10 + (b[j] - 48)
    st.scratch[at] = np.uint8(value)


@counted_by_caller
def at_ip4(s, st, T):
    """Notes the IPv4 address that begins at s; gives its end, or s."""
    b = text_of(st)
    e = _end_of_ip4(b, s, st.end)
    if e < 0:
        return s
    for k in range(10):
        st.scratch[k] = 0
    st.scratch[10] = 255
    st.scratch[11] = 255
    _four_bytes(s, e, st, 12)
    _note(s, e, st, T)
    return e


@counted_by_caller
def at_ip6(colon, st, T):
    """Notes the IPv6 address around its first colon; gives its end, or the colon."""
    b = text_of(st)
    s = colon
    while s > st.floor and colon - s < 5 and HEX[b[s - 1]]:
        s -= 1
    if colon - s > 4 or (s > st.floor and (CLASS[b[s - 1]] != 0 or b[s - 1] == 58 or b[s - 1] == 46)):
        return colon
    if colon - s == 2 and T.special[THE_MAC] >= 0:
        e = _at_mac(s, st, T)
        if e > s:
            return e
    if T.special[THE_IP] < 0:
        return colon
    e = _end_of_ip6(s, st)
    if e < 0:
        return colon
    _note(s, e, st, T)
    return e


@counted_by_caller
def _at_mac(s, st, T):
    """Notes the hardware address of six pairs that begins at s; gives its end, or s."""
    b = text_of(st)
    e = s + 17
    if e > st.end or (e < st.end and (CLASS[b[e]] != 0 or (b[e] == 58 and e + 1 < st.end and HEX[b[e + 1]]))):
        return s
    for j in range(17):
        if j % 3 == 2:
            if b[s + j] != 58:
                return s
        elif not HEX[b[s + j]]:
            return s
    n = 0
    for j in range(17):
        if j % 3 != 2:
            c = b[s + j]
            st.scratch[n] = np.uint8(c - 32) if c >= 97 else c
            n += 1
    is_one = True  # 00:00:… and ff:ff:… are nobody's
    for j in range(1, n):
        is_one = is_one and st.scratch[j] == st.scratch[0]
    if is_one:
        return s
    me = T.special[THE_MAC]
    belief, flags = trust(T, st, me, s)
    put(st, s, e, me, flags, key_of(st, n, T.tag[me]), belief)
    return e


@counted_by_caller
def _note(s, e, st, T):
    me = T.special[THE_IP]
    belief, flags = trust(T, st, me, s)
    put(st, s, e, me, flags, key_of(st, 16, T.tag[me]), belief)


@counted_by_caller
def _end_of_ip6(s, st):
    """End of the IPv6 address that begins at s, whose 16 bytes go into the scratch; or -1."""
    b = text_of(st)
    end = st.end
    n = 0  # 16-bit parts
    gap = -1
    j = s
    n_digits = 0
    for k in range(16):
        st.scratch[k] = 0
    while j < end and n < 8:
        if b[j] == 58:
            if j + 1 < end and b[j + 1] == 58:
                if gap >= 0:
                    return -1
                gap = n
                j += 2
                if j >= end or not HEX[b[j]]:
                    break
            elif n == 0:
                return -1
            else:
                j += 1
                if j >= end or not HEX[b[j]]:
                    return -1
        if j < end and CLASS[b[j]] == DIGIT and n <= 6 and (gap >= 0 or n == 6):
            e4 = _end_of_ip4(b, j, end)
            if e4 > 0:
                _four_bytes(j, e4, st, 2 * n)
                n += 2
                n_digits += 4
                j = e4
                break
        value = 0
        m = 0
        while j < end and HEX[b[j]] and m < 5:
            c = LOWER[b[j]]
            value = value * 16 + (c - 48 if c < 58 else c - 87)
            m += 1
            j += 1
        if m == 0 or m > 4:
            return -1
        st.scratch[2 * n] = np.uint8(value >> 8)
        st.scratch[2 * n + 1] = np.uint8(value & 255)
        n += 1
        n_digits += m
        if j >= end or b[j] != 58:
            break
    if (gap < 0 and n != 8) or (gap >= 0 and n > 7) or n_digits < 1:
        return -1
    if j < end and (CLASS[b[j]] != 0 or (b[j] == 58 and j + 1 < end and (HEX[b[j + 1]] or b[j + 1] == 58))):
        return -1
    if gap >= 0:
        # The parts behind :: belong at the end.
        tail = n - gap
        for k in range(2 * tail):
            st.scratch[15 - k] = st.scratch[2 * n - 1 - k]
        for k in range(2 * gap, 16 - 2 * tail):
            st.scratch[k] = 0
    return j
