"""Excess churn: the share of affected customers who left and would have stayed without the incident."""

from collections.abc import Iterator

from amanat.terms.measure import Measure, Reason
from amanat.trust import survival
from amanat.trust.gauge import Act, Crowd, Example, Gauge
from amanat.trust.identify import LEAST_LEAVERS, churn_reason, refused
from amanat.trust.panel import Panel


def _measure(panel: Panel) -> Iterator[Measure]:
    affected, unaffected = panel.curve(True), panel.curve(False)
    excess, variance = survival.excess_leavers(affected, unaffected)
    # A group of nobody has no curve, though a flat line could be drawn for it.
    curves = {who: _band(curve) for who, curve in (("affected", affected), ("unaffected", unaffected)) if curve.n}
    details: dict[str, object] = {"days": list(range(panel.n_days + 1)), **curves}
    if reason := churn_reason(panel):
        yield refused("excess_churn", "share", panel, reason, **details)
        return
    if affected.left.sum() + unaffected.left.sum() < LEAST_LEAVERS:
        yield refused("excess_churn", "share", panel, Reason(code="few_leavers", values={"least": LEAST_LEAVERS}), **details)
        return
    half = survival.Z95 * variance**0.5
    statistic, p = survival.log_rank(affected, unaffected)
    details |= {
        "excess": {"value": excess.tolist(), "low": (excess - half).tolist(), "high": (excess + half).tolist()},
        "log_rank": {"chi_squared": statistic, "p": p},
    }
    yield Measure(
        name="excess_churn",
        unit="share",
        standing="identified",
        estimate=survival.excess_at(affected, unaffected, panel.n_days),
        n=affected.n,
        compared_with="unaffected",
        n_compared=unaffected.n,
        details=details,
    )


def _band(curve: survival.Curve) -> dict[str, object]:
    low, high = curve.interval()
    return {"n": curve.n, "stay": curve.survival.tolist(), "low": low.tolist(), "high": high.tolist(), "left": curve.left.tolist()}


def _leaver(n: int, state: str, day: float) -> Crowd:
    return Crowd(n, state, (Act(-100, "login"), Act(day, "cancelled")))  # type: ignore[arg-type]


def _stayer(n: int, state: str) -> Crowd:
    return Crowd(n, state, (Act(-179.5, "login"), Act(-100, "login"), Act(-70, "login")))  # type: ignore[arg-type]


_BEFORE = (_leaver(20, "sure", -50.0), _leaver(20, "unaffected", -50.0))
GAUGE = Gauge(
    says="share of affected customers who left because of the incident",
    source="Kaplan and Meier 1958; Greenwood 1926; docs/explanation/trust.md",
    measure=_measure,
    examples=(
        Example(
            story="Before, 20 of 1,020 left in each group; afterwards 100 of 1,000 affected left and 40 of 1,000 others: 10 % less 4 %",
            crowds=(*_BEFORE, _leaver(100, "sure", 9.5), _stayer(900, "sure"), _leaver(40, "unaffected", 9.5), _stayer(960, "unaffected")),
            expected={"excess_churn": 0.06},
        ),
        Example(
            story="The affected already left more often before: 200 of 1,200 against 20 of 1,020",
            crowds=(
                _leaver(200, "sure", -50.0),
                _leaver(20, "unaffected", -50.0),
                _leaver(100, "sure", 9.5),
                _stayer(900, "sure"),
                _leaver(40, "unaffected", 9.5),
                _stayer(960, "unaffected"),
            ),
            expected={"excess_churn": "left_differently_before"},
        ),
        Example(
            story="Everybody was affected: there is nobody to compare with",
            crowds=(_leaver(100, "sure", 9.5), _stayer(900, "sure")),
            expected={"excess_churn": "nobody_to_compare"},
        ),
    ),
)
