"""E-mail addresses, found by their @ (in links `%40`), and the password that lists of stolen credentials write behind them."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

import numpy as np

from amanat.scope.candidate import NEAR_WORD, OURS
from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.engine.arrays import text_of
from amanat.scope.engine.letters import CLASS, DIGIT, FIELD, LOWER, is_hex_digest, is_nothing
from amanat.scope.engine.state import FNV0, FNV1, THE_EMAIL, THE_HASH, THE_PASSWORD, key_of, put, trust
from amanat.scope.engine.values import key_of_value

_LOCAL = np.zeros(256, np.uint8)
_LOCAL[[*b"!#$%&'*+-/=?^_`{|}~.", *b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]] = 1
_LOCAL[128:] = 1
_DOMAIN = np.zeros(256, np.uint8)
_DOMAIN[[*b"-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"]] = 1
_DOMAIN[128:] = 1


@counted_by_caller
def _start_of_address(b, at, floor):
    s = at
    while s > floor and at - s < 64 and _LOCAL[b[s - 1]]:
        s -= 1
    # Quotes, slashes and the like may stand before an address without being part of it.
    while s < at and (CLASS[b[s]] == 0 and b[s] != 95 and b[s] != 43):
        s += 1
    # What stands before = is the name of a parameter.
    for j in range(s, at):
        if b[j] == 61 and j + 1 < at:
            s = j + 1
    return s


@inlined
def _hex(c):
    """What a hexadecimal digit counts; 16 when it is none."""
    return c - 48 if 48 <= c <= 57 else LOWER[c] - 87 if 97 <= LOWER[c] <= 102 else 16


@counted_by_caller
def _written_out(b, s, at, st):
    """Writes the part before `%40` into the scratch, its own percent signs resolved; gives how many bytes, and where the address begins.

    What parts a link's words, plain or as a percent sign has it, parts the address from what stands before.
    """
    n = 0
    j = begin = s
    while j < at:
        c = b[j]
        step = 1
        if c == 37 and j + 2 < at and _hex(b[j + 1]) < 8 and _hex(b[j + 2]) < 16:
            c = np.uint8(_hex(b[j + 1]) * 16 + _hex(b[j + 2]))
            step = 3
        j += step
        is_border = c <= 32 or c == 34 or c == 38 or c == 47 or c == 58 or c == 60 or c == 61 or c == 63 or (c == 43 and step == 1)
        if is_border or (n == 0 and CLASS[c] == 0 and c != 95):
            n = 0
            begin = j
        else:
            st.scratch[n] = LOWER[c]
            n += 1
    return n, begin


@counted_by_caller
def at_email_in_link(at, st, T):
    """Notes the address around `%40`; gives where to go on."""
    b = text_of(st)
    s = at
    while s > st.floor and at - s < 96 and _LOCAL[b[s - 1]]:
        s -= 1
    e = _end_of_address(b, at + 2, st.end) if s < at else -1
    if e < 0:
        return at + 1
    n, s = _written_out(b, s, at, st)
    if n == 0:
        return at + 1
    for j in range(at + 2, e):
        st.scratch[n] = LOWER[b[j]] if j > at + 2 else np.uint8(64)
        n += 1
    return _note_address(s, e, n, st, T)


@counted_by_caller
def _note_address(s, e, n, st, T):
    """Notes the address at s..e, whose normalised n bytes are in the scratch; gives e."""
    me = T.special[THE_EMAIL]
    belief, flags = trust(T, st, me, s)
    if _is_own(st, n):
        flags |= np.uint8(OURS)
    put(st, s, e, me, flags, key_of(st, n, T.tag[me]), max(belief, T.alone[me]))
    st.run_words = 0
    return e


@counted_by_caller
def _end_of_address(b, at, end):
    """Where the domain behind an @ ends; -1 when it is none."""
    e = at + 1
    while e < end and e - at < 254 and _DOMAIN[b[e]]:
        e += 1
    while e > at + 1 and (b[e - 1] == 46 or b[e - 1] == 45):
        e -= 1
    if e <= at + 3 or b[at + 1] == 46:
        return -1
    dot = -1
    for j in range(at + 1, e):
        if b[j] == 46:
            if b[j - 1] == 46:
                return -1
            dot = j
    if dot < 0 or e - dot < 3:
        return -1
    is_puny = e - dot > 4 and LOWER[b[dot + 1]] == 120 and LOWER[b[dot + 2]] == 110 and b[dot + 3] == 45
    if not is_puny:
        for j in range(dot + 1, e):
            if CLASS[b[j]] == DIGIT or CLASS[b[j]] == 0:
                # A sentence may end right behind the address, with an identifier glued on by a dot: give up.
                return -1
    return e


@counted_by_caller
def _is_own(st, n):
    """Whether the domain of the normalised address in the scratch, or one above it, is the company's."""
    if st.n_own == 0:
        return False
    at = n
    for j in range(n):
        if st.scratch[j] == 64:
            at = j
    for begin in range(at + 1, n):
        if begin == at + 1 or st.scratch[begin - 1] == 46:
            h = FNV0
            for j in range(begin, n):
                h = (h ^ np.uint64(st.scratch[j])) * FNV1
            for k in range(st.n_own):
                if st.own[k] == h:
                    return True
    return False


@counted_by_caller
def at_email(at, st, T):
    """Notes the address around an @; gives where to go on."""
    b = text_of(st)
    if at == st.floor or b[at - 1] == 46:
        return at + 1
    s = _start_of_address(b, at, st.floor)
    e = _end_of_address(b, at, st.end) if s < at else -1
    if e < 0:
        return at + 1
    if s > st.floor and b[s - 1] == 58 and T.special[THE_PASSWORD] >= 0:
        colon = _password_in_address(b, s - 1, st.floor)
        if colon >= 0:
            _note_password(colon + 1, at, st, T)
            return at + 1
    n = e - s
    for j in range(n):
        st.scratch[j] = LOWER[b[s + j]]
    return _password_behind(_note_address(s, e, n, st, T), st, T)


@counted_by_caller
def _password_in_address(b, colon, floor):
    """The colon before the password of `scheme://name:password@host`; -1 when the colon at hand is another."""
    j = colon
    while j > floor and colon - j < 128:
        c = b[j - 1]
        if c <= 32 or c == 34 or c == 39 or c == 60 or c == 62:
            return -1
        if c == 58:
            colon = j - 1
        elif c == 47:
            return colon if j - 3 >= floor and j <= colon and b[j - 2] == 47 and b[j - 3] == 58 else -1
        j -= 1
    return -1


@counted_by_caller
def _note_password(s, e, st, T):
    """Notes the password of an address of a service, unless something is only to be put there (`$PASSWORD`, `<password>`, `***`)."""
    b = text_of(st)
    if e - s < 2 or b[s] == 36 or b[s] == 60 or b[s] == 123 or b[s] == 37 or is_nothing(b, s, e):
        return
    me = T.special[THE_PASSWORD]
    put(st, s, e, me, np.uint8(NEAR_WORD), key_of_value(T, me, s, e, st), np.float32(0.9))


@counted_by_caller
def _password_behind(e, st, T):
    """Notes the password of address:password, one on a line, as lists of stolen credentials have it; gives where to go on."""
    b = text_of(st)
    if not (st.hint == 0 and T.special[THE_PASSWORD] >= 0 and e + 1 < st.end):
        return e
    if not ((b[e] == 58 or b[e] == 59 or b[e] == 124) and b[e + 1] > 32):
        return e
    q = e + 1
    while q < st.end and b[q] > 32 and q - e < 200:
        q += 1
    if q < st.end and b[q] != 10 and b[q] != 13 and b[q] != FIELD:
        return e
    me = T.special[THE_PASSWORD]
    belief = np.float32(0.8)
    if is_hex_digest(b, e + 1, q):
        me = T.special[THE_HASH]
        belief = np.float32(0.9)
        if me < 0:
            return q
    elif b[e + 1] == 36 or b[e + 1] == 123 or q - e < 4:
        return e  # `$2b$…` is found as a literal
    put(st, e + 1, q, me, np.uint8(NEAR_WORD), key_of_value(T, me, e + 1, q, st), belief)
    return q
