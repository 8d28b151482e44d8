"""SipHash-2-4: a keyed 64-bit hash. Without the key nobody can try out values against the stored hashes.

Source: https://www.aumasson.jp/siphash/siphash.pdf (test vectors in its appendix A).
"""

import numpy as np
from numpy.typing import NDArray

from amanat.scope.compiled import counted_by_caller, inlined
from amanat.scope.eight_bytes import eight_bytes

_8, _13, _16, _17, _21, _32 = (np.uint64(n) for n in (8, 13, 16, 17, 21, 32))
_FF = np.uint64(0xFF)
_I0, _I1, _I2, _I3 = (np.uint64(n) for n in (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573))


@inlined
def _turn(x, n):  # type: ignore[no-untyped-def]
    return (x << n) | (x >> (np.uint64(64) - n))


@inlined
def _round(v0, v1, v2, v3):  # type: ignore[no-untyped-def]
    v0 = v0 + v1
    v1 = _turn(v1, _13) ^ v0
    v0 = _turn(v0, _32)
    v2 = v2 + v3
    v3 = _turn(v3, _16) ^ v2
    v0 = v0 + v3
    v3 = _turn(v3, _21) ^ v0
    v2 = v2 + v1
    v1 = _turn(v1, _17) ^ v2
    v2 = _turn(v2, _32)
    return v0, v1, v2, v3


@counted_by_caller
def siphash(b, n, k0, k1):  # type: ignore[no-untyped-def]
    """The hash of the first n bytes of b (uint8 array) under the key (k0, k1)."""
    v0, v1, v2, v3 = k0 ^ _I0, k1 ^ _I1, k0 ^ _I2, k1 ^ _I3
    i = 0
    while i + 8 <= n:
        m = eight_bytes(b, i)
        v3 ^= m
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0 ^= m
        i += 8
    m = np.uint64(n & 255) << np.uint64(56)
    if n >= 8:
        if n > i:
            m |= eight_bytes(b, n - 8) >> np.uint64(8 * (8 - (n - i)))
    else:
        for j in range(n):
            m |= np.uint64(b[j]) << np.uint64(8 * j)
    v3 ^= m
    v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    v0 ^= m
    v2 ^= _FF
    for _ in range(4):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ v1 ^ v2 ^ v3


@counted_by_caller
def sip_word(x, tag, k0, k1):  # type: ignore[no-untyped-def]
    """The hash of one 64-bit number and a tag (as 16 little-endian bytes): keys made of other keys."""
    v0, v1, v2, v3 = k0 ^ _I0, k1 ^ _I1, k0 ^ _I2, k1 ^ _I3
    for m in (x, tag, np.uint64(16) << np.uint64(56)):
        v3 ^= m
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
        v0 ^= m
    v2 ^= _FF
    for _ in range(4):
        v0, v1, v2, v3 = _round(v0, v1, v2, v3)
    return v0 ^ v1 ^ v2 ^ v3


def key_words(key: bytes) -> NDArray[np.uint64]:
    """The two 64-bit words of a key; only its first 16 bytes count."""
    if len(key) < 16:
        raise ValueError("a hash key has at least 16 bytes")
    return np.frombuffer(key[:16], dtype="<u8").astype(np.uint64)
