"""Reach: how many of the affected customers a notice is known to have reached."""

from collections.abc import Iterator

import numpy as np

from amanat.terms.measure import Estimate, Measure, Reason
from amanat.trust.gauge import Act, Crowd, Example, Gauge
from amanat.trust.identify import refused
from amanat.trust.panel import Panel, Reach


def _measure(panel: Panel) -> Iterator[Measure]:
    if panel.reach is not None and len(panel.reach.day):
        yield _of_receipts(panel.reach, panel.n_days)
        return
    days = panel.told_day[panel.customers(True)]
    if not len(days):
        yield refused("reach", "share", panel, Reason(code="nobody_affected"))
        return
    if not (days > 0).any():
        yield refused("reach", "share", panel, Reason(code="no_notices"))
        return
    by_day = np.bincount(days[days > 0], minlength=panel.n_days + 1)[: panel.n_days + 1].cumsum() / len(days)
    share = float((days > 0).mean())
    # Everybody was counted, so nothing is uncertain but what a receipt is worth.
    yield Measure(
        name="reach",
        unit="share",
        standing="counted",
        estimate=Estimate(value=share, low=share, high=share),
        n=len(days),
        compared_with="everyone_affected",
        n_compared=len(days),
        why=(Reason(code="counted", values={"told": int((days > 0).sum()), "n": len(days)}),),
        details={"days": list(range(len(by_day))), "by_day": by_day.tolist()},
    )


def _of_receipts(reach: Reach, n_days: int) -> Measure:
    """Everybody who was to be told counts, customer or not: it is amanat's own list."""
    is_told = reach.day >= 0
    n, share = len(reach.day), float(is_told.mean())
    by_day = np.bincount(np.minimum(reach.day[is_told], n_days), minlength=n_days + 1).cumsum() / n
    return Measure(
        name="reach",
        unit="share",
        standing="counted",
        estimate=Estimate(value=share, low=share, high=share),
        n=n,
        compared_with="everyone_to_tell",
        n_compared=n,
        why=(Reason(code="own_receipts", values={"told": int(is_told.sum()), "n": n}),),
        details={"days": list(range(len(by_day))), "by_day": by_day.tolist(), "by": dict(reach.by)},
    )


GAUGE = Gauge(
    says="share of affected customers whom a notice is known to have reached",
    source="a count of receipts, not an estimate",
    measure=_measure,
    examples=(
        Example(
            story="Of 40 affected persons 30 were told on the first day and 6 on the third",
            crowds=(
                Crowd(30, "sure", (Act(-5, "login"), Act(0.1, "told"), Act(50, "login"))),
                Crowd(6, "sure", (Act(-5, "login"), Act(2.1, "told"))),
                Crowd(4, "sure", (Act(-5, "login"),)),
            ),
            expected={"reach": 0.9},
        ),
    ),
)
