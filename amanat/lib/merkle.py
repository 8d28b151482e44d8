"""A Merkle tree over an append-only list: one short hash stands for all of it, and few hashes prove that something is in it.

An inclusion proof shows that an entry stands in a list of which somebody knows only the root; a consistency proof shows that a
longer list begins with the shorter one, so that nothing was changed or taken away. Leaves and nodes are hashed with different
first bytes (0x00 and 0x01), or a node could be passed off as a leaf.

Source: RFC 9162 (Certificate Transparency 2.0), section 2.1, which hashes as RFC 6962 does: https://www.rfc-editor.org/rfc/rfc9162#section-2.1
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256().digest()  # the root of a list without entries


def leaf_of(entry: bytes) -> bytes:
    """The hash of one entry as it stands in the tree."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_of(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """A list of leaves with its whole subtrees: an entry is added in constant time, a proof made in the logarithm of the length.

    >>> tree = Tree(leaf_of(entry) for entry in (b"a", b"b", b"c"))
    >>> is_included(leaf_of(b"b"), 1, len(tree), tree.inclusion(1), tree.root())
    True
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]  # levels[k][i]: the root of the whole subtree over leaves i·2^k … (i+1)·2^k
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> None:
        """Adds one leaf (`leaf_of`)."""
        self._levels[0].append(leaf)
        level = 0
        while len(self._levels[level]) % 2 == 0:
            if level + 1 == len(self._levels):
                self._levels.append([])
            self._levels[level + 1].append(node_of(*self._levels[level][-2:]))
            level += 1

    def root(self, size: int | None = None) -> bytes:
        """The root of the first `size` leaves, or of all."""
        size = self._size(size)
        return self._root(0, size) if size else EMPTY

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The hashes that lead from the leaf at `index` (counted from 0) to the root of the first `size` leaves, the nearest first."""
        size = self._size(size)
        if not 0 <= index < size:
            raise IndexError(f"there is no leaf {index} among {size}")
        path, start, end = [], 0, size
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, first: int, second: int | None = None) -> list[bytes]:
        """The hashes that show that the first `second` leaves begin with the first `first` ones."""
        second = self._size(second)
        if not 0 < first <= second:
            raise IndexError(f"a list of {second} cannot be compared with its first {first}")
        path, start, end, is_whole = [], 0, second, True
        while first < end:
            middle = start + _split(end - start)
            if first <= middle:
                path.append(self._root(middle, end))
                end = middle
            else:
                path.append(self._root(start, middle))
                start, is_whole = middle, False
        # Whoever asks knows the root of the first leaves; it is repeated only where it is not a whole branch by itself.
        return (path if is_whole else [*path, self._root(start, end)])[::-1]

    def _size(self, size: int | None) -> int:
        if size is None:
            return len(self)
        if not 0 <= size <= len(self):
            raise IndexError(f"there are {len(self)} leaves, not {size}")
        return size

    def _root(self, start: int, end: int) -> bytes:
        """The root of leaves `start` … `end`, where `start` is where a subtree of that size begins."""
        n = end - start
        if n & (n - 1) == 0:
            level = n.bit_length() - 1
            return self._levels[level][start >> level]
        middle = start + _split(n)
        return node_of(self._root(start, middle), self._root(middle, end))


class Frontier:
    """The root alone, of a list of any length, in no memory to speak of: nothing can be proven with it.

    >>> frontier = Frontier()
    >>> for entry in (b"a", b"b", b"c"):
    ...     frontier.append(leaf_of(entry))
    >>> frontier.root() == Tree(leaf_of(entry) for entry in (b"a", b"b", b"c")).root()
    True
    """

    def __init__(self) -> None:
        self._whole: list[tuple[int, bytes]] = []  # whole subtrees from the largest to the smallest: how many leaves, and the root

    def __len__(self) -> int:
        return sum(n for n, _root in self._whole)

    def append(self, leaf: bytes, n: int = 1) -> None:
        """Adds one leaf, or the root of `n` of them: a power of two, and not larger than any that came before."""
        while self._whole and self._whole[-1][0] == n:
            n, leaf = n * 2, node_of(self._whole.pop()[1], leaf)
        self._whole.append((n, leaf))

    def root(self) -> bytes:
        """The root of what was added."""
        if not self._whole:
            return EMPTY
        found = self._whole[-1][1]
        for _n, left in reversed(self._whole[:-1]):
            found = node_of(left, found)
        return found


def _split(n: int) -> int:
    """The largest power of two that is smaller than `n`."""
    return 1 << (n - 1).bit_length() - 1


# ---- checks: by whoever holds only roots ----


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the leaf stands at `index` in the list of `size` entries with this root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for other in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_of(other, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_of(found, other)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(first: int, second: int, first_root: bytes, second_root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the list of `second` entries begins with the list of `first` (RFC 9162, 2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    hashes = list(path)
    if first & (first - 1) == 0:
        hashes.insert(0, first_root)
    if not hashes:
        return False
    here, last = first - 1, second - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = hashes[0]
    for other in hashes[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old, new = node_of(other, old), node_of(other, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = node_of(new, other)
        here, last = here >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
