"""Judged: one batch of records after the scan, before anything is counted."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from amanat.scope.scan import Found
from amanat.scope.unsettled import Links, Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What stands in a batch and whose each record is, without its text."""

    unit: int
    path: str
    n_bytes: int
    n_records: int  # of the batch; the arrays may leave out records in which nothing stands
    place: pa.Array  # [n] strings
    number: pa.Array  # [n] int64, within the path
    is_free_text: Any  # [n] uint8
    found: Found
    persons: Named
    links: Links
