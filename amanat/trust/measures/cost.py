"""Cost so far: what was paid to affected persons, and the orders that did not come, in euros."""

from collections.abc import Iterator

from amanat.terms.measure import Estimate, Measure, Reason
from amanat.trust.gauge import Act, Crowd, Example, Gauge
from amanat.trust.identify import habit_reason, has_enough_history, of_groups, refused
from amanat.trust.panel import Panel


def _measure(panel: Panel) -> Iterator[Measure]:
    affected = panel.is_affected
    n = panel.n(True)
    if not n:
        yield refused("cost.paid", "eur", panel, Reason(code="nobody_affected"))
        return
    paid = float(panel.paid_eur[affected].sum())
    n_paid = int((panel.paid_eur[affected] != 0).sum())
    yield Measure(
        name="cost.paid",
        unit="eur",
        standing="counted",
        estimate=Estimate(value=paid, low=paid, high=paid),
        n=n_paid,
        compared_with="everyone_affected",
        n_compared=n,
        why=(Reason(code="paid", values={"n": n_paid, "others": float(panel.paid_eur[~affected].sum())}),),
    )
    if not panel.orders.any():
        yield refused("cost.lost_orders", "eur", panel, Reason(code="no_activity"))
        return
    can = has_enough_history(panel) and panel.n_months_before >= 2 and panel.n_months_after >= 1
    found = of_groups(panel, panel.orders) if can else None
    if reason := habit_reason(panel, found):
        yield refused("cost.lost_orders", "eur", panel, reason)
        return
    assert found is not None
    # A loss is written as a positive cost, so the ends of the interval change places.
    scale = -n * panel.n_months_after
    yield Measure(
        name="cost.lost_orders",
        unit="eur",
        standing="identified",
        estimate=Estimate(value=scale * found.effect.value, low=scale * found.effect.high, high=scale * found.effect.low),
        n=n,
        compared_with="unaffected",
        n_compared=found.unaffected.n,
        why=(Reason(code="lost_orders", values={"n": n, "months": panel.n_months_after}),),
    )


def _buyers(n: int, state: str, before: float, after: float, *paid: float) -> Crowd:
    acts = [Act(month * 30 + 10, "order", {"value_eur": before if month < 0 else after}) for month in range(-6, 6)]
    acts += [Act(20, "paid", {"value_eur": euros}) for euros in paid]
    return Crowd(n, state, (Act(-179.9, "login"), Act(179.4, "login"), *acts))  # type: ignore[arg-type]


GAUGE = Gauge(
    says="what the incident has cost up to now: payments, and orders that did not come (revenue, not profit)",
    source="docs/explanation/trust.md, section 'What it cost'",
    measure=_measure,
    examples=(
        Example(
            story="100 affected persons order for 8 euros a month less than they would have, in six months; 50 of them received 25 euros",
            crowds=(
                _buyers(50, "sure", 49, 37, 25.0),
                _buyers(50, "sure", 51, 39),
                _buyers(80, "unaffected", 58, 54),
                _buyers(80, "unaffected", 62, 58),
            ),
            expected={"cost.paid": 1250.0, "cost.lost_orders": 4800.0},
            within=0.05,
        ),
    ),
)
