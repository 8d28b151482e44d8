"""Hazard ratio: how many times as readily affected customers leave, on the average over the days, other things being equal."""

from collections.abc import Iterator

import numpy as np

from amanat.terms.measure import Estimate, Measure, Reason
from amanat.trust import cox
from amanat.trust.gauge import Act, Crowd, Example, Gauge
from amanat.trust.identify import ALPHA, LEAST_LEAVERS, churn_reason, refused
from amanat.trust.panel import Panel


def _measure(panel: Panel) -> Iterator[Measure]:
    who = panel.is_customer
    left = panel.day_left[who] > 0
    reason = churn_reason(panel)
    if reason is None and left.sum() < LEAST_LEAVERS:
        reason = Reason(code="few_leavers", values={"least": LEAST_LEAVERS})
    if reason:
        yield refused("hazard_ratio", "ratio", panel, reason)
        return
    names = ["affected", *panel.covariates]
    # What does not vary cannot be held equal.
    columns = [panel.is_affected[who].astype(np.float64), *(panel.covariates[name][who] for name in names[1:])]
    kept = [i for i, column in enumerate(columns) if column.std() > 1e-9 * (1 + abs(column.mean()))]
    days = np.where(left, panel.day_left[who], panel.n_days)
    try:
        fit = cox.fit(np.column_stack([columns[i] for i in kept]), days, left)
    except cox.NotFound:
        yield refused("hazard_ratio", "ratio", panel, Reason(code="few_leavers", values={"least": LEAST_LEAVERS}))
        return
    value, low, high = fit.ratio(0)
    p = float(fit.p_proportional[0])
    yield Measure(
        name="hazard_ratio",
        unit="ratio",
        standing="identified",
        estimate=Estimate(value=value, low=low, high=high),
        n=panel.n(True),
        compared_with="unaffected",
        n_compared=panel.n(False),
        why=(Reason(code="ratio_changes", values={"p": p}),) if p < ALPHA else (),
        details={"held_equal": [names[i] for i in kept[1:]], "p_proportional": p, "log_likelihood": fit.log_likelihood},
    )


def _crowd(n: int, state: str, day: float | None) -> Crowd:
    acts = (Act(-179.5, "login"), Act(-100, "login"), Act(-40, "login"))
    return Crowd(n, state, (*acts, Act(day, "cancelled")) if day is not None else acts)  # type: ignore[arg-type]


# All who leave do so on one day, so Efron's equation has one unknown and can be solved by bisection:
# 60 = sum over l = 0..119 of (200 r - l/120 · 60 r) / (200 r + 400 - l/120 · (60 r + 60)) gives r = 2.183732.
GAUGE = Gauge(
    says="how many times as readily affected customers leave",
    source="Cox 1972; Efron 1977; check of proportionality: Grambsch and Therneau 1994",
    measure=_measure,
    examples=(
        Example(
            story="On one day 60 of 200 affected leave, and 60 of 400 others: more than twice as readily",
            crowds=(_crowd(60, "sure", 5.5), _crowd(140, "sure", None), _crowd(60, "unaffected", 5.5), _crowd(340, "unaffected", None)),
            expected={"hazard_ratio": 2.183732},
        ),
        Example(
            story="Nobody left",
            crowds=(_crowd(100, "sure", None), _crowd(100, "unaffected", None)),
            expected={"hazard_ratio": "few_leavers"},
        ),
    ),
)
