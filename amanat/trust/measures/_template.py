"""One sentence: what this measures, and of whom."""

from collections.abc import Iterator

from amanat.terms.measure import Estimate, Measure
from amanat.trust.gauge import Act, Crowd, Example, Gauge
from amanat.trust.identify import refused, why_nothing
from amanat.trust.panel import Panel


def _measure(panel: Panel) -> Iterator[Measure]:
    if reason := why_nothing(panel):
        yield refused("xx_name", "share", panel, reason)
        return
    # Take what you need from the panel; a number never goes without its interval and its comparison group.
    share = float((panel.told_day[panel.customers(True)] > 0).mean())
    yield Measure(
        name="xx_name",
        unit="share",
        standing="counted",
        estimate=Estimate(value=share, low=share, high=share),
        n=panel.n(True),
        compared_with="everyone_affected",
        n_compared=panel.n(True),
    )


GAUGE = Gauge(
    says="in a few words",
    source="the paper or page that the method comes from",
    measure=_measure,
    # The title for people stands in trust/words/*.toml, under [measure].
    examples=(
        Example(
            story="A small world whose outcome you can work out by hand",
            crowds=(Crowd(20, "sure", (Act(-5, "login"), Act(1, "told"), Act(100, "login"))), Crowd(20, "unaffected", (Act(-5, "login"),))),
            expected={"xx_name": 1.0},
        ),
    ),
)
