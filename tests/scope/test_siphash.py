"""The keyed hash against its published vectors and against the slow, obvious version."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.scope.siphash import key_words, sip_word, siphash

MASK = (1 << 64) - 1


def slow_siphash(key: bytes, data: bytes) -> int:
    """SipHash-2-4 as its paper writes it."""
    k0, k1 = int.from_bytes(key[:8], "little"), int.from_bytes(key[8:16], "little")
    v = [k0 ^ 0x736F6D6570736575, k1 ^ 0x646F72616E646F6D, k0 ^ 0x6C7967656E657261, k1 ^ 0x7465646279746573]

    def turn(x: int, n: int) -> int:
        return ((x << n) | (x >> (64 - n))) & MASK

    def rounds(n: int) -> None:
        for _ in range(n):
            v[0] = (v[0] + v[1]) & MASK
            v[1] = turn(v[1], 13) ^ v[0]
            v[0] = turn(v[0], 32)
            v[2] = (v[2] + v[3]) & MASK
            v[3] = turn(v[3], 16) ^ v[2]
            v[0] = (v[0] + v[3]) & MASK
            v[3] = turn(v[3], 21) ^ v[0]
            v[2] = (v[2] + v[1]) & MASK
            v[1] = turn(v[1], 17) ^ v[2]
            v[2] = turn(v[2], 32)

    padded = data + b"\0" * (7 - len(data) % 8) + bytes([len(data) & 255])
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at : at + 8], "little")
        v[3] ^= word
        rounds(2)
        v[0] ^= word
    v[2] ^= 0xFF
    rounds(4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def of(key: bytes, data: bytes) -> int:
    k0, k1 = key_words(key)
    return int(siphash(np.frombuffer(data + b"\0", np.uint8), len(data), k0, k1))


def test_the_hash_gives_the_published_values():
    # https://github.com/veorq/SipHash/blob/master/vectors.h: key 00…0f, messages of 0, 1, 8 and 15 bytes 00 01 02 …
    key = bytes(range(16))
    assert of(key, b"") == 0x726FDB47DD0E0E31
    assert of(key, bytes(range(1))) == 0x74F839C593DC67FD
    assert of(key, bytes(range(8))) == 0x93F5F5799A932462
    assert of(key, bytes(range(15))) == 0xA129CA6149BE45E5


@settings(deadline=None)
@given(st.binary(min_size=16, max_size=16), st.binary(max_size=300))
def test_the_hash_equals_the_slow_version(key, data):
    assert of(key, data) == slow_siphash(key, data)


@settings(deadline=None)
@given(st.binary(min_size=16, max_size=16), st.integers(0, MASK), st.integers(0, MASK))
def test_a_hash_of_a_number_is_the_hash_of_its_bytes(key, number, tag):
    k0, k1 = key_words(key)
    assert int(sip_word(np.uint64(number), np.uint64(tag), k0, k1)) == slow_siphash(key, number.to_bytes(8, "little") + tag.to_bytes(8, "little"))
