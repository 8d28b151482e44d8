"""Groups of affected persons: everybody with the same residence and the same kinds of data is one row, however many they are."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


def masks_of(exposures: pa.Table) -> np.ndarray:
    """[n_persons] uint64, the kinds of each row as bits (`terms.kinds.mask_of`)."""
    lists = exposures.column("kinds").combine_chunks()
    if isinstance(lists, pa.ChunkedArray):
        lists = lists.chunk(0) if lists.num_chunks else pa.array([], pa.list_(pa.string()))
    masks = np.zeros(len(lists), dtype=np.uint64)
    encoded = lists.flatten().dictionary_encode()
    bits = np.array([_bit(name) for name in encoded.dictionary.to_pylist()] or [0], dtype=np.uint64)
    rows = pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)
    if len(rows):
        np.bitwise_or.at(masks, rows, bits[encoded.indices.to_numpy(zero_copy_only=False)])
    return masks


def _bit(kind: str) -> int:
    if kind not in KINDS:
        raise UnknownKind(
            f"the exposures name a kind of data {kind!r} that nobody knows{did_you_mean(kind, KINDS) or '.'} Scan again with this version of amanat."
        )
    return mask_of([kind])


def groups_of(exposures: pa.Table) -> tuple[Group, ...]:
    """The persons of an exposures table, counted by residence, kinds, minority, state and basis."""
    names = ["residence", "minor", "state", "basis"]
    table = exposures.select(names).append_column("mask", pa.array(masks_of(exposures)))
    counted = table.group_by([*names, "mask"]).aggregate([([], "count_all")])
    rows = zip(*(counted.column(name).to_pylist() for name in [*names, "mask", "count_all"]), strict=True)
    found = [
        Group(residence=residence, kinds=together(kinds_of(mask)), minor=minor, state=state, basis=basis, n=n)
        for residence, minor, state, basis, mask, n in rows
    ]
    return tuple(sorted(found, key=lambda g: (g.residence or "", g.state, g.basis, sorted(g.kinds), str(g.minor))))


def groups_as_json(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """The groups as plain rows: how many are alike, and nobody by name. What a later assessment needs when the files are not at hand."""
    return [{"residence": g.residence, "kinds": sorted(g.kinds), "minor": g.minor, "state": g.state, "basis": g.basis, "n": g.n} for g in groups]


def groups_from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Group, ...]:
    """The groups that `groups_as_json` wrote."""
    return tuple(Group(**{**row, "kinds": frozenset(row["kinds"])}) for row in rows)
