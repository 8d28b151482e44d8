"""Log-ins: how much less often each affected person logs in because of the incident."""

from collections.abc import Iterator

from amanat.terms.measure import Measure
from amanat.trust.gauge import Act, Crowd, Example, Gauge
from amanat.trust.habit import measure_habit
from amanat.trust.panel import Panel


def _measure(panel: Panel) -> Iterator[Measure]:
    return measure_habit("logins", "logins_per_month", panel, panel.logins)


def _visitors(n: int, state: str, before: int, after: int) -> Crowd:
    days = [month * 30 + 2 + i for month in range(-6, 6) for i in range(before if month < 0 else after)]
    return Crowd(n, state, (Act(-179.9, "order"), Act(179.4, "order"), *[Act(day, "login") for day in days]))  # type: ignore[arg-type]


GAUGE = Gauge(
    says="change in monthly log-ins of each affected person",
    source="as orders",
    measure=_measure,
    examples=(
        Example(
            story="Half of the affected log in once a month where it was three times, everyone else goes on",
            crowds=(
                _visitors(50, "sure", 3, 1),
                _visitors(50, "sure", 2, 2),
                _visitors(100, "unaffected", 3, 3),
                _visitors(100, "unaffected", 2, 2),
            ),
            expected={"logins": -1.0},
        ),
        Example(
            story="Nobody was ever seen to log in",
            crowds=(Crowd(50, "sure", (Act(-100, "order"), Act(100, "order"))),),
            expected={"logins": "no_activity"},
        ),
    ),
)
