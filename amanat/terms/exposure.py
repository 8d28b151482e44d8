"""Exposure: one person and what of theirs was stolen, reachable or interrupted."""

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa

State = Literal["sure", "review", "outsider"]
Basis = Literal["content", "access", "service"]

# One row for each person. Outsiders (not in the register) have ids that begin with "out-".
EXPOSURES = pa.schema(
    [
        ("person_id", pa.string()),
        ("kinds", pa.list_(pa.string())),
        ("n_findings", pa.int64()),
        ("n_records", pa.int64()),
        ("belief", pa.float32()),  # 0..1, that this is really the person
        ("state", pa.string()),  # sure | review | outsider
        ("basis", pa.string()),  # content | access | service
        ("residence", pa.string()),  # ISO 3166-1 or 3166-2; null when unknown
        ("language", pa.string()),  # BCP 47; null when unknown
        ("minor", pa.bool_()),  # null when unknown
    ]
)

# Why a person is in the exposures: one row for each reason, the strongest of a person first.
BASES = pa.schema(
    [
        ("person_id", pa.string()),
        ("basis", pa.string()),  # content | accessed (a log or a person says so) | accessible (could have been) | service
        ("source", pa.string()),  # "files", or the table, bucket, mailbox or service
        ("kinds", pa.list_(pa.string())),
        ("belief", pa.float32()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """One row of EXPOSURES, for the few places that look at a single person."""

    person_id: str
    kinds: frozenset[str]
    n_findings: int
    n_records: int
    belief: float
    state: State
    basis: Basis
    residence: str | None
    language: str | None
    minor: bool | None
