"""Exposures as columns: kinds of data spelled out from the masks in which they are counted, and how many persons have which."""

from collections import Counter
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from amanat.terms.kinds import kinds_of


def kinds_column(masks: Any) -> pa.Array:
    """[n] lists of kinds, from masks; each different mask is spelled out once."""
    unique, number = np.unique(masks, return_inverse=True)
    return pa.array([list(kinds_of(int(mask))) for mask in unique], pa.list_(pa.string())).take(pa.array(number))


_AT_ONCE = 1 << 20  # persons: millions of lists of words would fill the memory


def persons_by_kind(exposures: pa.Table) -> dict[str, Counter[str]]:
    """Of each kind, how many persons have it, by state (`sure`, `review`, `outsider`); the most frequent first."""
    counts: dict[str, Counter[str]] = {}
    for begin in range(0, exposures.num_rows, _AT_ONCE):
        part = exposures.slice(begin, _AT_ONCE).select(["kinds", "state"]).combine_chunks()
        kinds = part["kinds"].combine_chunks()
        flat = pa.table({"kind": pc.list_flatten(kinds), "state": part["state"].take(pc.list_parent_indices(kinds))})
        for row in flat.group_by(["kind", "state"]).aggregate([([], "count_all")]).to_pylist():
            counts.setdefault(row["kind"], Counter())[row["state"]] += row["count_all"]
    return dict(sorted(counts.items(), key=lambda item: (-item[1].total(), item[0])))


def persons_by(column: str, exposures: pa.Table) -> Counter[str]:
    """How many persons have each value of a column."""
    return Counter({row["values"]: row["counts"] for row in pc.value_counts(exposures.column(column)).to_pylist()})
