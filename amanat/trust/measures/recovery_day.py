"""Recovery day: from when on affected customers leave no faster than the others, for four weeks on end."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from amanat.terms.measure import Estimate, Measure, Reason
from amanat.trust.chances import Z95
from amanat.trust.gauge import Act, Crowd, Example, Gauge
from amanat.trust.identify import LEAST_LEAVERS, churn_reason, refused
from amanat.trust.panel import Panel
from amanat.trust.survival import Curve

QUIET = 28  # days on end
WEEK = 7  # a single day has too few leavers to tell anything: the hazard of a day is that of the week that ends on it
N_TRIALS = 400
Floats = NDArray[np.float64]
Counts = NDArray[np.number]


def _measure(panel: Panel) -> Iterator[Measure]:
    if reason := churn_reason(panel):
        yield refused("recovery_day", "days", panel, reason)
        return
    affected, unaffected = panel.curve(True), panel.curve(False)
    if affected.left.sum() + unaffected.left.sum() < LEAST_LEAVERS:
        yield refused("recovery_day", "days", panel, Reason(code="few_leavers", values={"least": LEAST_LEAVERS}))
        return
    excess, half = weekly_excess(affected.left, affected.at_risk, unaffected.left, unaffected.at_risk)
    details = {"days": list(range(1, panel.n_days + 1)), "value": excess.tolist(), "low": (excess - half).tolist(), "high": (excess + half).tolist()}
    if not (excess - half > 0).any():
        # The smallest weekly excess that would have shown says how strong "nothing was seen" is.
        yield refused("recovery_day", "days", panel, Reason(code="no_excess", values={"least": float(np.median(half))}), **details)
        return
    day = first_quiet(excess, half)
    if day is None:
        yield refused("recovery_day", "days", panel, Reason(code="not_yet", values={"days": panel.n_days}), **details)
        return
    days = _trials(affected, unaffected)
    yield Measure(
        name="recovery_day",
        unit="days",
        standing="identified",
        estimate=Estimate(value=day, low=float(np.quantile(days, 0.025)), high=float(np.quantile(days, 0.975))),
        n=affected.n,
        compared_with="unaffected",
        n_compared=unaffected.n,
        details=details,
    )


def weekly_excess(left: Counts, at_risk: Counts, left_other: Counts, at_risk_other: Counts) -> tuple[Floats, Floats]:
    """Excess chance of leaving within the week that ends on each day 1..n, and half of its 95 % interval."""
    value, variance = np.zeros(len(left) - 1), np.zeros(len(left) - 1)
    for sign, k, n in ((1, left, at_risk), (-1, left_other, at_risk_other)):
        with np.errstate(divide="ignore", invalid="ignore"):
            daily = np.where(n > 0, k / n, 0.0)[1:]
            spread = np.where(n[1:] > 0, daily * (1 - daily) / n[1:], 0.0)
        value += sign * _trailing(daily)
        variance += _trailing(spread)
    return value, Z95 * np.sqrt(variance)


def _trailing(values: Floats) -> Floats:
    total = np.concatenate([[0.0], np.cumsum(values)])
    end = np.arange(1, len(values) + 1)
    return np.asarray(total[end] - total[np.maximum(end - WEEK, 0)], dtype=np.float64)


def first_quiet(excess: Floats, half: Floats) -> int | None:
    """The first day from which on the interval holds 0 for QUIET days; None when that has not come yet."""
    quiet = excess - half <= 0
    run = 0
    for i, is_quiet in enumerate(quiet):
        run = run + 1 if is_quiet else 0
        if run == QUIET:
            return i + 2 - QUIET  # days are counted from 1
    return None


def _trials(affected: Curve, unaffected: Curve) -> Floats:
    """Recovery days of companies drawn from the two curves; one that does not recover counts as the day after the last."""
    random = np.random.default_rng(20_261_122)  # the same report twice is the same report
    n_days = len(affected.left) - 1
    drawn = []
    for curve in (affected, unaffected):
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard = np.where(curve.at_risk > 0, curve.left / curve.at_risk, 0.0)
        drawn.append(random.binomial(curve.at_risk, hazard, size=(N_TRIALS, len(hazard))).astype(np.float64))
    days = []
    for k, other in zip(*drawn, strict=True):
        day = first_quiet(*weekly_excess(k, affected.at_risk.astype(np.float64), other, unaffected.at_risk.astype(np.float64)))
        days.append(n_days + 1 if day is None else day)
    return np.array(days, dtype=np.float64)


def _crowds(n_by_day: dict[int, int], n: int, state: str) -> tuple[Crowd, ...]:
    acts = (Act(-179.5, "login"), Act(-100, "login"), Act(-40, "login"))
    leavers = tuple(Crowd(k, state, (*acts, Act(day - 0.5, "cancelled"))) for day, k in n_by_day.items())  # type: ignore[arg-type]
    return (*leavers, Crowd(n - sum(n_by_day.values()), state, acts))  # type: ignore[arg-type]


GAUGE = Gauge(
    says="day from which on affected customers leave no faster than the others",
    source="docs/explanation/trust.md, section 'When has it passed?'; the interval is a parametric bootstrap (Efron 1979)",
    measure=_measure,
    examples=(
        Example(
            story="A tenth of the affected leave on day 10 and nobody later: the week that ends on day 17 is the first without them",
            crowds=(*_crowds({10: 60}, 600, "sure"), *_crowds({90: 6}, 600, "unaffected")),
            expected={"recovery_day": 17.0},
        ),
        Example(
            story="Both groups leave alike: there is nothing to recover from",
            crowds=(*_crowds({10: 6, 50: 6}, 600, "sure"), *_crowds({10: 6, 50: 6}, 600, "unaffected")),
            expected={"recovery_day": "no_excess"},
        ),
    ),
)
