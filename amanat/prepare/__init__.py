"""Prepare: be ready next time: practice companies and drills."""

from datetime import datetime
from pathlib import Path
from typing import Any

from amanat.lib.progress import Progress, silent


def make_company(
    folder: Path,
    *,
    persons: int,
    seed: int,
    kind: str = "hotel",
    at: datetime,
    excess_churn: float = 0.03,
    events: bool | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """An invented company on its worst day, written as a story folder; gives the numbers of it.

    The same arguments give the same bytes. Nobody in it exists; where numbers come from is said in `prepare/numbers.py` and `prepare/phones.py`.

    Args:
        folder: made if missing; must be empty.
        persons: in the register, 100 to 50 million; memory does not grow with it.
        at: when the company became aware, with its offset from UTC.
        excess_churn: share of the affected customers who leave because of the incident within 180 days.
        events: whether `events.parquet` is written, half a year before and after; None writes it for up to 200,000 persons.

    Raises:
        Fixable: an unknown kind, too few or too many persons, a folder in use, a moment without offset.
    """
    from amanat.prepare.company import make

    return make(Path(folder), persons=persons, seed=seed, kind=kind, at=at, excess_churn=excess_churn, events=events, progress=progress)
