"""Groups of affected persons: everybody with the same residence and the same kinds of data is one row, however many they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.lib.errors import Fixable, did_you_mean
from amanat.terms.kinds import KINDS, kinds_of, mask_of


class UnknownKind(Fixable):
    """An exposure with a kind of data that nobody knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """So many persons who are alike for the law."""

    residence: str | None
    kinds: frozenset[str]
    minor: bool | None = None
    state: str = "sure"  # sure | review | outsider
    basis: str = "content"
    n: int


# What a law means by its own words, wherever the parts of it were found with the same person. Only ever adds.
_TOGETHER: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"email", "password"}), "online_credentials"),
    (frozenset({"card_with_code"}), "fin_acct_with_code"),
    (frozenset({"iban"}), "fin_acct_alone"),
)


def together(kinds: Iterable[str]) -> frozenset[str]:
    """The kinds, and those that they make together: an e-mail address with a password are online credentials.

    >>> sorted(together(["email", "password"]))
    ['email', 'online_credentials', 'password']
    """
    found = frozenset(kinds)
    return found | {whole for parts, whole in _TOGETHER if parts <= found}


_AT_ONCE = 500_000


def masks_of(exposures: pa.Table) -> np.ndarray:
    """[n_persons] uint64, the kinds of each row as bits (`terms.kinds.mask_of`)."""
    chunks = exposures.column("kinds").chunks
    # In parts, because numbers for each kind of each of ten million persons would take gigabytes for a moment.
    masks = [_masks(chunk.slice(begin, _AT_ONCE)) for chunk in chunks for begin in range(0, len(chunk), _AT_ONCE)]
    return np.concatenate(masks) if masks else np.zeros(0, dtype=np.uint64)


def _masks(lists: pa.ListArray) -> np.ndarray:
    masks = np.zeros(len(lists), dtype=np.uint64)
    encoded = lists.flatten().dictionary_encode()
    if len(encoded):
        bits = np.array([_bit(name) for name in encoded.dictionary.to_pylist()], dtype=np.uint64)
        lengths = pc.fill_null(pc.list_value_length(lists), 0).to_numpy(zero_copy_only=False)
        has_some = lengths > 0  # reduceat would give a person without kinds the first kind of the next one
        begins = np.cumsum(lengths, dtype=np.int64) - lengths
        masks[has_some] = np.bitwise_or.reduceat(bits[encoded.indices.to_numpy(zero_copy_only=False)], begins[has_some])
    return masks


def with_masks(exposures: pa.Table) -> pa.Table:
    """The exposures with a further column `mask`, their kinds as bits."""
    return exposures.append_column("mask", pa.array(masks_of(exposures)))


def alike(table: pa.Table, names: tuple[str, ...]) -> tuple[pa.Table, np.ndarray]:
    """The distinct rows of these columns, and for each row of the table the number of its own among them.

    A number takes the place of each value, and one number that of all columns together: ten million persons are compared once.
    """
    codes = np.zeros(len(table), dtype=np.int64)
    values: dict[str, pa.Array] = {}
    for name in names:
        chunks = table.column(name).chunks
        encoded = (pa.concat_arrays(chunks) if chunks else pa.array([], table.schema.field(name).type)).dictionary_encode()
        # A null is a value of its own, at the end.
        values[name] = pa.concat_arrays([encoded.dictionary, pa.nulls(1, encoded.dictionary.type)])
        codes = codes * len(values[name]) + encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False)
    joined = pa.array(codes).dictionary_encode()
    left, found = joined.dictionary.to_numpy(zero_copy_only=False), {}
    for name in reversed(names):
        found[name] = values[name].take(pa.array(left % len(values[name])))
        left = left // len(values[name])
    return pa.table({name: found[name] for name in names}), joined.indices.to_numpy(zero_copy_only=False)


def _bit(kind: str) -> int:
    if kind not in KINDS:
        raise UnknownKind(
            f"the exposures name a kind of data {kind!r} that nobody knows{did_you_mean(kind, KINDS) or '.'} Scan again with this version of amanat."
        )
    return mask_of([kind])


def groups_of(exposures: pa.Table) -> tuple[Group, ...]:
    """The persons of an exposures table, counted by residence, kinds, minority, state and basis."""
    distinct, numbers = alike(with_masks(exposures), ("residence", "minor", "state", "basis", "mask"))
    counted = np.bincount(numbers, minlength=len(distinct)).tolist()
    found = [
        Group(residence=row["residence"], kinds=_together_of(row["mask"]), minor=row["minor"], state=row["state"], basis=row["basis"], n=n)
        for row, n in zip(distinct.to_pylist(), counted, strict=True)
    ]
    return tuple(sorted(found, key=lambda g: (g.residence or "", g.state, g.basis, _in_order(g.kinds), str(g.minor))))


@lru_cache(maxsize=10_000)
def _in_order(kinds: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(kinds))


@lru_cache(maxsize=10_000)
def _together_of(mask: int) -> frozenset[str]:
    return together(kinds_of(mask))


def groups_as_json(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """The groups as plain rows: how many are alike, and nobody by name. What a later assessment needs when the files are not at hand."""
    return [{"residence": g.residence, "kinds": sorted(g.kinds), "minor": g.minor, "state": g.state, "basis": g.basis, "n": g.n} for g in groups]


def groups_from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Group, ...]:
    """The groups that `groups_as_json` wrote."""
    return tuple(Group(**{**row, "kinds": frozenset(row["kinds"])}) for row in rows)
