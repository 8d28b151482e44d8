"""Outsiders: persons who are in the stolen files and not in the register, put together from the keys they share."""

# Compiled loops are written plainly, and their types are Numba's.
# mypy: ignore-errors

from typing import Any

import numpy as np
import pyarrow as pa

from amanat.scope.compiled import compiled
from amanat.scope.exposures import kinds_column
from amanat.scope.reviewed import PARTS
from amanat.scope.siphash import key_words, sip_word

HUB = 12  # a key that stands beside more different keys than this belongs to an institution, not to a person
ROOM = 4_000_000  # pairs kept before they are put together


@compiled
def _root(parent, i):
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@compiled
def _join(key_number, group, n_keys, n_groups, is_hub):
    """[n_keys + n_groups] root of each key and group; hubs join nothing."""
    parent = np.arange(n_keys + n_groups)
    for i in range(key_number.size):
        if is_hub[key_number[i]]:
            continue
        a, b = _root(parent, key_number[i]), _root(parent, n_keys + group[i])
        if a < b:
            parent[b] = a
        elif b < a:
            parent[a] = b
    for i in range(parent.size):
        parent[i] = _root(parent, i)
    return parent


def outsider_id(key: Any, k0: Any, k1: Any) -> str:
    """`out-` and 12 hexadecimal digits: the same for the same key, and of no use without it."""
    return f"out-{int(sip_word(key, np.uint64(0x6F7574), k0, k1)) >> 16:012x}"


@compiled
def _names(keys, k0, k1, digits):
    """[n, 16] uint8: `out-` and 12 hexadecimal digits for each key."""
    out = np.zeros((keys.size, 16), np.uint8)
    for i in range(keys.size):
        h = sip_word(keys[i], np.uint64(0x6F7574), k0, k1) >> np.uint64(16)
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = 111, 117, 116, 45
        for d in range(12):
            out[i, 15 - d] = digits[(h >> np.uint64(4 * d)) & np.uint64(15)]
    return out


@compiled
def outsider_numbers(keys, k0, k1):
    """[n] the numbers that `outsider_id` writes, for each key."""
    out = np.zeros(keys.size, np.uint64)
    for i in range(keys.size):
        out[i] = sip_word(keys[i], np.uint64(0x6F7574), k0, k1) >> np.uint64(16)
    return out


def outsider_ids(keys: Any, k0: Any, k1: Any) -> pa.Array:
    """[n] ids of outsiders that are known by these keys alone."""
    text = _names(keys, k0, k1, np.frombuffer(b"0123456789abcdef", np.uint8))
    offsets = np.arange(len(keys) + 1, dtype=np.int32) * 16
    return pa.Array.from_buffers(pa.string(), len(keys), [None, pa.py_buffer(offsets), pa.py_buffer(text)])


class Outsiders:
    """Collects the strong keys of records that nobody of the register fits, and gives one person for all that hang together."""

    def __init__(self, key: bytes) -> None:
        self._k0, self._k1 = key_words(key)
        self._pairs: list[tuple[Any, Any]] = []  # keys, groups
        self._groups: list[tuple[Any, Any, Any]] = []  # kinds, findings, records of each group
        self._n_groups = self._n_pairs = 0
        self._room = ROOM

    def add(self, keys: Any, groups: Any, kinds: Any, n_findings: Any) -> None:
        """Keys of records, each with the number of its record among `kinds` (one mask for each) and `n_findings`."""
        if not len(keys):
            return
        self._pairs.append((keys, groups + self._n_groups))
        self._groups.append((kinds, n_findings, np.ones(len(kinds), np.int64)))
        self._n_groups += len(kinds)
        self._n_pairs += len(keys)
        if self._n_pairs > self._room:
            self._settle()
            self._room = max(ROOM, 2 * self._n_pairs)

    def _settle(self) -> tuple[Any, Any, Any, Any, Any]:
        """Keys and groups of all pairs; kinds, findings and records of each group. Groups with the same keys become one, which loses nothing."""
        empty = np.zeros(0, np.int64)
        keys = np.concatenate([k for k, _ in self._pairs]) if self._pairs else np.zeros(0, np.uint64)
        groups = np.concatenate([g for _, g in self._pairs]) if self._pairs else empty
        order = np.lexsort((keys, groups))
        keys, groups = keys[order], groups[order]
        is_new = np.r_[True, (keys[1:] != keys[:-1]) | (groups[1:] != groups[:-1])] if len(keys) else np.zeros(0, bool)
        keys, groups = keys[is_new], groups[is_new]
        signature = np.zeros(self._n_groups, np.uint64)
        np.add.at(signature, groups, (keys ^ (keys >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9))
        _, first, number = np.unique(signature, return_index=True, return_inverse=True)
        is_first = np.zeros(self._n_groups, bool)
        is_first[first] = True
        kinds = np.zeros(len(first), np.uint64)
        n_findings, n_records = np.zeros(len(first), np.int64), np.zeros(len(first), np.int64)
        if self._groups:
            np.bitwise_or.at(kinds, number, np.concatenate([k for k, _, _ in self._groups]))
            np.add.at(n_findings, number, np.concatenate([n for _, n, _ in self._groups]))
            np.add.at(n_records, number, np.concatenate([n for _, _, n in self._groups]))
        stays = is_first[groups]
        keys, groups = keys[stays], number[groups[stays]]
        self._pairs, self._groups = [(keys, groups)], [(kinds, n_findings, n_records)]
        self._n_groups, self._n_pairs = len(kinds), len(keys)
        return keys, groups, kinds, n_findings, n_records

    def persons(self) -> tuple[pa.Array, Any, Any, Any, pa.Table]:
        """Ids (`out-` and 12 hexadecimal digits), kinds, findings and records of each person; and PARTS."""
        keys, groups, kinds, n_findings, n_records = self._settle()
        unique, number = np.unique(keys, return_inverse=True)
        is_hub = _hubs(number, groups, len(unique), len(kinds))
        parent = _join(number.astype(np.int64), groups.astype(np.int64), len(unique), len(kinds), is_hub)
        # Persons are numbered by their smallest key, so that their ids do not depend on the order of the files.
        own = np.flatnonzero(~is_hub)
        roots, person = np.unique(parent[own], return_inverse=True)
        lookup = np.full(len(parent), -1, np.int64)
        lookup[roots] = np.arange(len(roots))
        of_group = lookup[parent[len(unique) :]]
        is_real = of_group >= 0
        each = _summed(of_group[is_real], len(roots), kinds[is_real], n_findings[is_real], n_records[is_real])
        parts = _summed(number, len(unique), kinds[groups], n_findings[groups], n_records[groups])
        alone = outsider_ids(unique[own], self._k0, self._k1)
        smallest = np.full(len(roots), len(own), np.int64)
        np.minimum.at(smallest, person, np.arange(len(own)))
        ids = alone.take(pa.array(smallest))
        columns = [ids.take(pa.array(person)), alone, kinds_column(parts[0][own]), *(pa.array(p[own]) for p in parts[1:])]
        return ids, *each, pa.table(columns, schema=PARTS).sort_by([("person_id", "ascending"), ("part", "ascending")])


def _summed(number: Any, n: int, kinds: Any, n_findings: Any, n_records: Any) -> tuple[Any, Any, Any]:
    mask, findings, records = np.zeros(n, np.uint64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    np.bitwise_or.at(mask, number, kinds)
    np.add.at(findings, number, n_findings)
    np.add.at(records, number, n_records)
    return mask, findings, records


def _hubs(number: Any, groups: Any, n_keys: int, n_groups: int) -> Any:
    """[n_keys] bool: keys that stand beside many different ones.

    For each key the different *first* keys of its groups are counted: a shared switchboard or account stands in records of many.
    """
    if not n_keys:
        return np.zeros(0, bool)
    low = np.full(n_groups, n_keys, np.int64)
    np.minimum.at(low, groups, number)
    high = np.full(n_groups, -1, np.int64)
    np.maximum.at(high, groups, number)
    other = np.where(low[groups] == number, high[groups], low[groups])
    pairs = np.unique(number * np.int64(n_keys + 1) + other)
    pairs = pairs[pairs // (n_keys + 1) != pairs % (n_keys + 1)]
    return np.bincount((pairs // (n_keys + 1)).astype(np.int64), minlength=n_keys) > HUB
