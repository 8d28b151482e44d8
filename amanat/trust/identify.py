"""May a difference be called an effect? The checks before every number that claims a cause."""

import numpy as np
from numpy.typing import NDArray

from amanat.terms.measure import Measure, Reason, Unit
from amanat.trust import survival
from amanat.trust.difference import Difference, compare, moments
from amanat.trust.panel import Panel

LEAST_PERSONS = 20  # in each group
LEAST_LEAVERS = 5  # of both groups together, for a curve that says anything
LEAST_DAYS = 7
ALPHA = 0.05
# Numbers could be computed, but they would not be effects of the incident.
UNIDENTIFIED = frozenset({"nobody_to_compare", "left_differently_before", "not_parallel", "no_before"})


def why_nothing(panel: Panel) -> Reason | None:
    """The plain reason why nothing can be compared at all, if there is one."""
    affected, unaffected = panel.n(True), panel.n(False)
    if not affected:
        return Reason(code="nobody_affected")
    if not unaffected:
        return Reason(code="nobody_to_compare", values={"n": affected})
    if min(affected, unaffected) < LEAST_PERSONS:
        return Reason(code="too_few", values={"affected": affected, "unaffected": unaffected, "least": LEAST_PERSONS})
    if panel.n_days < LEAST_DAYS:
        return Reason(code="too_early", values={"days": panel.n_days, "least": LEAST_DAYS})
    return None


def churn_reason(panel: Panel) -> Reason | None:
    """Why a difference in leaving is no effect of the incident; None when nothing speaks against it.

    Before the incident the groups must have left alike. Where nobody's leaving before is on record (a register of
    today's customers knows none), the log-ins or orders before must have run side by side instead.
    """
    if reason := why_nothing(panel):
        return reason
    affected, unaffected = panel.curve_before(True), panel.curve_before(False)
    if min(affected.n, unaffected.n) >= LEAST_PERSONS and affected.left.sum() + unaffected.left.sum() >= LEAST_LEAVERS:
        gap = survival.excess_at(affected, unaffected, panel.n_days_before)
        if gap.low > 0 or gap.high < 0:
            return Reason(code="left_differently_before", values={"low": gap.low, "high": gap.high, "days": panel.n_days_before})
        return None
    for values in (panel.logins, panel.orders):
        if panel.n_months_before >= 2 and panel.n_months_after and values.any():
            return _parallel(of_groups(panel, values))
    return Reason(code="no_before")


def habit_reason(panel: Panel, found: Difference | None) -> Reason | None:
    """Why a change of a monthly habit is no effect; None when nothing speaks against it."""
    if reason := why_nothing(panel):
        return reason
    if not panel.n_months_after:
        return Reason(code="too_early", values={"days": panel.n_days, "least": 30})
    if panel.n_months_before < 2:
        return Reason(code="no_before")
    if found is None:
        return Reason(code="too_few", values={"affected": _n_history(panel, True), "unaffected": _n_history(panel, False), "least": LEAST_PERSONS})
    return _parallel(found)


def _parallel(found: Difference) -> Reason | None:
    assert found.p_parallel is not None
    return Reason(code="not_parallel", values={"p": found.p_parallel}) if found.p_parallel < ALPHA else None


def of_groups(panel: Panel, values: NDArray[np.float32]) -> Difference:
    """The difference-in-differences of a monthly habit among customers whose months before are all known."""
    affected, unaffected = (moments(values[panel.has_history & (panel.is_affected == group)]) for group in (True, False))
    return compare(affected, unaffected, panel.n_months_before)


def has_enough_history(panel: Panel) -> bool:
    """Whether both groups have enough customers whose months before are all known."""
    return min(_n_history(panel, True), _n_history(panel, False)) >= LEAST_PERSONS


def _n_history(panel: Panel, is_affected: bool) -> int:
    return int((panel.has_history & (panel.is_affected == is_affected)).sum())


def refused(name: str, unit: Unit, panel: Panel, reason: Reason, **details: object) -> Measure:
    """A measure without its number, and why."""
    is_undone = reason.code in UNIDENTIFIED
    return Measure(
        name=name,
        unit=unit,
        standing="not_identified" if is_undone else "cannot_say",
        estimate=None,
        n=panel.n(True),
        compared_with="unaffected",
        n_compared=panel.n(False),
        why=(reason,),
        details=dict(details),
    )
