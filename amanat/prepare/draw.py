"""Draws that depend only on a seed, a person's number and what is drawn: the size of a block changes nothing.

A generator with a state would give other persons when the block size changes; a hash of (seed, stream, number) does not.
"""

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

OUTSIDERS_FROM = 1 << 40  # persons from here on are outsiders


class Draw:
    """Random numbers for the persons `index`: each `stream` (a word) is independent of the others.

    >>> a, b = Draw(1, np.arange(4)), Draw(1, np.arange(2, 4))
    >>> bool((a.below("dice", 6)[2:] == b.below("dice", 6)).all())
    True
    """

    def __init__(self, seed: int, index: NDArray[Any]) -> None:
        self.seed = seed
        self.index = index.astype(np.uint64)

    def bits(self, stream: str) -> NDArray[np.uint64]:
        """64 random bits for each person."""
        digest = hashlib.blake2b(f"{self.seed}:{stream}".encode(), digest_size=16).digest()
        first, second = np.frombuffer(digest, dtype=np.uint64)
        return _mix(_mix(self.index + first) ^ second)

    def share(self, stream: str) -> Floats:
        """A number in [0, 1) for each person."""
        return (self.bits(stream) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def chance(self, stream: str, share: float | Floats) -> Flags:
        """True for this share of the persons."""
        return self.share(stream) < share

    def below(self, stream: str, limit: int | Ints) -> Ints:
        """A whole number in [0, limit) for each person."""
        return (self.bits(stream) % np.asarray(limit, dtype=np.uint64)).astype(np.int64)

    def unique(self, stream: str, size: int) -> Ints:
        """A whole number in [0, size), another one for each person while there are no more persons than that.

        Outsiders count down from the end, register persons up from the beginning.
        """
        index = self.index.astype(np.int64)
        index = np.where(index < OUTSIDERS_FROM, index, OUTSIDERS_FROM - 1 - index)
        # A prime that divides no `size` we use: stepping by it meets every number once.
        return (index % size * 2_654_435_761 % size + int(self.of_stream(stream) % np.uint64(size))) % size

    def of_stream(self, stream: str) -> np.uint64:
        """One number for the stream, the same for all persons."""
        return np.uint64(int.from_bytes(hashlib.blake2b(f"{self.seed}:{stream}:all".encode(), digest_size=8).digest(), "little"))

    def weighted(self, stream: str, weights: list[float]) -> Ints:
        """The number of a weight, drawn in proportion to the weights."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.searchsorted(edges / edges[-1], self.share(stream), side="right").astype(np.int64)


def _mix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    # The finaliser of SplitMix64 (Steele, Lea, Flood 2014): every input bit reaches every output bit.
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
