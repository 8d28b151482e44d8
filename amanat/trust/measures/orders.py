"""Orders: euros that each affected person spends less (or more) in a month because of the incident."""

from collections.abc import Iterator

from amanat.terms.measure import Measure
from amanat.trust.gauge import Act, Crowd, Example, Gauge
from amanat.trust.habit import measure_habit
from amanat.trust.panel import Panel


def _measure(panel: Panel) -> Iterator[Measure]:
    return measure_habit("orders", "eur_per_month", panel, panel.orders)


def _buyers(n: int, state: str, before: float, after: float, *, drift: float = 0.0) -> Crowd:
    acts = [Act(month * 30 + 10, "order", {"value_eur": before + drift * month if month < 0 else after}) for month in range(-6, 6)]
    return Crowd(n, state, (Act(-179.9, "login"), Act(179.4, "login"), *acts))  # type: ignore[arg-type]


GAUGE = Gauge(
    says="change in monthly spending of each affected person",
    source="Card and Krueger 1994; Roth 2022 on checking what came before; docs/explanation/trust.md",
    measure=_measure,
    examples=(
        Example(
            story="The affected go from 50 to 38 euros a month and everyone else from 60 to 56: 12 less, of which 4 would have been anyway",
            crowds=(
                _buyers(50, "sure", 50 - 1, 38 - 1),
                _buyers(50, "sure", 50 + 1, 38 + 1),
                _buyers(80, "unaffected", 60 - 2, 56 - 2),
                _buyers(80, "unaffected", 60 + 2, 56 + 2),
            ),
            expected={"orders": -8.0},
            within=1e-4,
        ),
        Example(
            story="The affected were on the way down for months before",
            crowds=(
                _buyers(50, "sure", 50, 38, drift=-4),
                _buyers(50, "sure", 52, 40, drift=-4.5),
                _buyers(80, "unaffected", 60, 60),
                _buyers(80, "unaffected", 62, 62, drift=0.1),
            ),
            expected={"orders": "not_parallel"},
        ),
    ),
)
