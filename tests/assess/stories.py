"""Small stories for the tests of assess: facts as people give them, and exposures as a scan counts them."""

from datetime import datetime, timezone
from typing import Any

import pyarrow as pa

from amanat.terms.assessment import Assessment, Duty
from amanat.terms.exposure import EXPOSURES
from amanat.terms.fact import Fact

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)


def facts_of(**values: Any) -> dict[str, Fact]:
    return {name: Fact(name=name, value=value, status="known") for name, value in values.items()}


def believed(name: str, value: Any) -> dict[str, Fact]:
    return {name: Fact(name=name, value=value, status="believed")}


def exposures_of(*people: tuple[int, str | None, list[str], str], basis: str = "access") -> pa.Table:
    """(how many, residence, kinds, state) …; ids are p0, p1, …"""
    rows = []
    for n, residence, kinds, state in people:
        for _ in range(n):
            rows.append(
                {
                    "person_id": f"p{len(rows)}",
                    "kinds": kinds,
                    "n_findings": 1,
                    "n_records": 1,
                    "belief": 0.9,
                    "state": state,
                    "basis": basis,
                    "residence": residence,
                    "language": "en",
                    "minor": None,
                }
            )
    return pa.Table.from_pylist(rows, schema=EXPOSURES)


def duty(assessment: Assessment, name: str) -> Duty:
    return next(d for d in assessment.duties if d.id == name)
