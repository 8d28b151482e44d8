"""Looking up: who of the register has a key, for millions of keys at a time."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

from typing import Any, NamedTuple

import numpy as np

from amanat.scope.compiled import compiled
from amanat.scope.siphash import sip_word


class Register(NamedTuple):
    """The arrays of People, for compiled loops."""

    keys: Any
    first: Any
    persons: Any
    starts: Any
    shift: Any  # uint64, bits of a key below those that number its part of `starts`
    name: Any
    birth: Any
    address: Any


def register_of(people: Any) -> Register:
    """People as the loops read them."""
    shift = np.uint64(64 - (len(people.starts) - 1).bit_length() + 1)
    return Register(people.keys, people.first, people.persons, people.starts, shift, people.name, people.birth, people.address)


def holders(people: Any, key: Any) -> tuple[Any, Any]:
    """From and until in people.persons of those who have each key; the same where nobody has."""
    low, high = np.zeros(len(key), np.int64), np.zeros(len(key), np.int64)
    look_up(register_of(people), np.ascontiguousarray(key), np.ones(len(key), np.bool_), low, high)
    return low, high


@compiled
def build_starts(keys):
    """[2^b + 1] where the keys begin whose first b bits are 0, 1, 2 …; about four in each part.

    Keys are hashes, so the parts are alike, and one is found with a look at two places in memory.
    """
    size, shift = 2, 63
    while size * 4 < keys.size and shift > 33:
        size *= 2
        shift -= 1
    starts = np.zeros(size + 1, np.int32)
    part = 0
    for i in range(keys.size):
        mine = np.int64(keys[i] >> np.uint64(shift))
        while part < mine:
            part += 1
            starts[part] = i
    while part < size:
        part += 1
        starts[part] = keys.size
    return starts


@compiled
def find(R, key):
    """From and until in R.persons of those who have the key; the same when nobody has."""
    part = np.int64(key >> R.shift)
    i, end = R.starts[part], R.starts[part + 1]
    while i < end and R.keys[i] < key:
        i += 1
    if i < end and R.keys[i] == key:
        return np.int64(R.first[i]), np.int64(R.first[i + 1])
    return np.int64(0), np.int64(0)


@compiled
def look_up(R, key, is_asked, low, high):
    """`find` for many keys, into `low` and `high` [n]; those that are not asked for are nobody's.

    The register is much larger than the processor's caches: some keys are looked up side by side, so that the waits for memory overlap.
    """
    together = 32
    at = np.zeros(together, np.int32)
    seen = np.uint64(0)
    n = key.size
    begin = 0
    while begin < n:
        end = min(begin + together, n)
        for i in range(begin, end):
            at[i - begin] = R.starts[np.int64(key[i] >> R.shift)]
        if R.keys.size:
            for i in range(begin, end):
                seen ^= R.keys[min(at[i - begin], R.keys.size - 1)]
        for i in range(begin, end):
            low[i] = high[i] = 0
            if is_asked[i]:
                low[i], high[i] = find(R, key[i])
        begin = end
    return seen


@compiled
def holds(R, lo, hi, p):
    """Whether the person is among R.persons[lo:hi]."""
    while lo < hi:
        middle = (lo + hi) // 2
        if R.persons[middle] == p:
            return True
        if R.persons[middle] < p:
            lo = middle + 1
        else:
            hi = middle
    return False


@compiled
def composite(name, other, tag, k0, k1):
    """Key of a name together with another value."""
    return sip_word(name ^ ((other << np.uint64(1)) | (other >> np.uint64(63))), np.uint64(tag), k0, k1)


@compiled
def composite_keys(names, others, tag, k0, k1):
    """[n] composite keys."""
    out = np.zeros(names.size, np.uint64)
    for i in range(names.size):
        out[i] = composite(names[i], others[i], tag, k0, k1)
    return out


@compiled
def fill_bloom(keys):
    """A Bloom filter over the keys, about 16 bits for each."""
    size = 1024
    while size * 8 < keys.size * 16:
        size *= 2
    bits = np.zeros(size, np.uint8)
    mask = np.uint64(size * 8 - 1)
    for i in range(keys.size):
        if keys[i] == 0:
            continue
        for shift in (np.uint64(0), np.uint64(21), np.uint64(37)):
            bit = (keys[i] >> shift | keys[i] << (np.uint64(64) - shift if shift else np.uint64(0))) & mask
            bits[bit >> np.uint64(3)] |= np.uint8(1) << np.uint8(bit & np.uint64(7))
    return bits


@compiled
def is_name_of(R, key, lo, hi, p):
    """Whether it is a name of the person, present or earlier."""
    return key != 0 and (key == R.name[p] or holds(R, lo, hi, p))


@compiled
def is_address_of(R, key, lo, hi, p):
    """Whether it is an address of the person, present or earlier."""
    return key != 0 and (key == R.address[p] or holds(R, lo, hi, p))
