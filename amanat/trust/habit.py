"""Measures of a monthly habit: orders in euros, log-ins in times, by difference-in-differences."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from amanat.terms.measure import Measure, Reason, Unit
from amanat.trust.chances import Z95
from amanat.trust.difference import Moments
from amanat.trust.identify import habit_reason, has_enough_history, of_groups, refused
from amanat.trust.panel import Panel


def measure_habit(name: str, unit: Unit, panel: Panel, values: NDArray[np.float32]) -> Iterator[Measure]:
    """What the incident changed for each affected person and month, averaged over the months after."""
    if not values.any():
        yield refused(name, unit, panel, Reason(code="no_activity"))
        return
    can = has_enough_history(panel) and panel.n_months_before >= 2 and panel.n_months_after >= 1
    found = of_groups(panel, values) if can else None
    details = {}
    if found is not None:
        details = {
            "periods": list(found.periods),
            "affected": _means(found.affected),
            "unaffected": _means(found.unaffected),
            "event_study": [{"value": e.value, "low": e.low, "high": e.high} for e in found.by_period],
            "p_parallel": found.p_parallel,
        }
    if reason := habit_reason(panel, found):
        yield refused(name, unit, panel, reason, **details)
        return
    assert found is not None
    yield Measure(
        name=name,
        unit=unit,
        standing="identified",
        estimate=found.effect,
        n=found.affected.n,
        compared_with="unaffected",
        n_compared=found.unaffected.n,
        details=details,
    )


def _means(group: Moments) -> dict[str, object]:
    half = Z95 * np.sqrt(np.maximum(0.0, np.diag(group.covariance)) / group.n)
    return {"n": group.n, "mean": group.mean.tolist(), "low": (group.mean - half).tolist(), "high": (group.mean + half).tolist()}
