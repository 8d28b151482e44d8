"""The tree gives the roots of the standard's own examples, and no proof of anything that is not so is accepted."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.lib.merkle import EMPTY, Frontier, Tree, is_consistent, is_included, leaf_of

# The entries and roots with which Certificate Transparency implementations compare themselves (the RFC's reference code, merkletree_test).
ENTRIES = [bytes.fromhex(text) for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def root_by_the_book(entries):
    """RFC 9162, 2.1.1, word for word: slow, and plain enough to be the judge."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + root_by_the_book(entries[:k]) + root_by_the_book(entries[k:])).digest()


def path_by_the_book(m, entries):
    """RFC 9162, 2.1.3.1."""
    if len(entries) <= 1:
        return []
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if m < k:
        return [*path_by_the_book(m, entries[:k]), root_by_the_book(entries[k:])]
    return [*path_by_the_book(m - k, entries[k:]), root_by_the_book(entries[:k])]


def consistency_by_the_book(m, entries, is_whole=True):
    """RFC 9162, 2.1.4.1."""
    n = len(entries)
    if m == n:
        return [] if is_whole else [root_by_the_book(entries)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*consistency_by_the_book(m, entries[:k], is_whole), root_by_the_book(entries[k:])]
    return [*consistency_by_the_book(m - k, entries[k:], False), root_by_the_book(entries[:k])]


def a_tree(entries):
    return Tree(leaf_of(entry) for entry in entries)


@pytest.mark.parametrize("n", range(1, 9))
def test_the_roots_are_those_of_the_reference(n):
    assert a_tree(ENTRIES[:n]).root().hex() == ROOTS[n - 1]
    assert root_by_the_book(ENTRIES[:n]).hex() == ROOTS[n - 1]


def test_a_list_without_entries_has_the_root_of_nothing():
    assert Tree().root() == EMPTY == bytes.fromhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")


def test_the_path_to_the_first_of_eight_is_that_of_the_reference():
    assert [one.hex() for one in a_tree(ENTRIES).inclusion(0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


def test_the_root_alone_is_the_same_without_the_list():
    frontier = Frontier()
    assert frontier.root() == EMPTY
    for n in range(1, 34):
        frontier.append(leaf_of(bytes([n])))
        assert (len(frontier), frontier.root()) == (n, root_by_the_book([bytes([i]) for i in range(1, n + 1)]))


def test_every_proof_is_the_one_of_the_standard_and_is_accepted():
    entries = [bytes([i]) for i in range(33)]
    tree = a_tree(entries)
    for size in range(1, 34):
        root = root_by_the_book(entries[:size])
        assert tree.root(size) == root
        for index in range(size):
            path = tree.inclusion(index, size)
            assert path == path_by_the_book(index, entries[:size])
            assert is_included(leaf_of(entries[index]), index, size, path, root)
        for first in range(1, size + 1):
            path = tree.consistency(first, size)
            assert path == consistency_by_the_book(first, entries[:size])
            assert is_consistent(first, size, root_by_the_book(entries[:first]), root, path)


@given(st.data())
def test_no_changed_proof_of_inclusion_is_accepted(data):
    size = data.draw(st.integers(1, 40))
    entries = [bytes([i]) for i in range(size)]
    tree, index = a_tree(entries), data.draw(st.integers(0, size - 1))
    path, root, leaf = tree.inclusion(index), tree.root(), leaf_of(entries[index])
    what = data.draw(st.sampled_from(["leaf", "index", "root", "hash", "shorter", "longer", "swap"]))
    if what == "leaf":
        leaf = leaf_of(data.draw(st.binary(min_size=2)))
    elif what == "index":
        index = data.draw(st.integers(-3, size + 3).filter(lambda i: i != index))
    elif what == "root":
        root = data.draw(st.binary(min_size=32, max_size=32).filter(lambda r: r != root))
    elif what == "hash" and path:
        at = data.draw(st.integers(0, len(path) - 1))
        path[at] = bytes([path[at][0] ^ data.draw(st.integers(1, 255))]) + path[at][1:]
    elif what == "shorter" and path:
        path = path[:-1]
    elif what == "swap" and len(path) > 1:
        path[0], path[1] = path[1], path[0]
    else:
        path = [*path, data.draw(st.binary(min_size=32, max_size=32))]
    assert not is_included(leaf, index, size, path, root)


@given(st.integers(1, 40), st.integers(0, 39), st.integers(0, 39), st.integers(0, 255))
def test_a_list_whose_past_was_changed_is_not_consistent(size, first, at, other):
    first, at = min(first, size - 1) + 1, at % (min(first, size - 1) + 1)
    entries = [bytes([i]) for i in range(size)]
    changed = entries.copy()
    changed[at] = b"changed" + bytes([other])
    tree = a_tree(changed)
    assert not is_consistent(first, size, root_by_the_book(entries[:first]), tree.root(), tree.consistency(first))


@pytest.mark.parametrize(
    "ask", [lambda t: t.inclusion(3), lambda t: t.inclusion(-1), lambda t: t.consistency(0), lambda t: t.consistency(4), lambda t: t.root(4)]
)
def test_what_is_not_in_the_list_has_no_proof(ask):
    with pytest.raises(IndexError):
        ask(a_tree([b"a", b"b", b"c"]))


def test_a_node_cannot_be_passed_off_as_an_entry():
    tree = a_tree([b"a", b"b"])
    both = leaf_of(b"a") + leaf_of(b"b")
    assert not is_included(leaf_of(both), 0, 1, [], tree.root())
