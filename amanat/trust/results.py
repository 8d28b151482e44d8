"""The report: every measure of the open set on one panel, with the counts that stand beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from amanat.terms.measure import Measure, Reason
from amanat.trust import own, tables
from amanat.trust.gauge import Example, gauges
from amanat.trust.groups import Grouped, crowd_events, group
from amanat.trust.moments import Aside
from amanat.trust.panel import Panel

READ_SO = frozenset({"in_seconds", "in_milliseconds", "in_microseconds", "in_nanoseconds", "day_first", "month_first"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What can be said about trust, and what cannot."""

    since: datetime
    until: datetime
    n_days: int
    n_affected: int  # customers when persons could first react
    n_unaffected: int
    n_left_out: int  # wait for a reviewer, so they are in neither group
    measures: tuple[Measure, ...]
    aside: tuple[Aside, ...]  # rows that could not be used
    cautions: tuple[Aside, ...]  # what was used and should be known
    sources: tuple[Reason, ...] = ()  # whose word counts where both amanat and the table speak
    own: Mapping[str, Any] = field(default_factory=dict)  # "reach", "survey", "help": what amanat's own records say

    def of(self, name: str) -> Measure | None:
        """The measure of this name."""
        return next((m for m in self.measures if m.name == name), None)


def report(
    events: Path,
    exposures: Path,
    *,
    persons: Path | None,
    since: datetime | None,
    until: datetime | None,
    founded: datetime | None,
    now: datetime,
    receipts: Path | None = None,
    answers: Path | None = None,
    cases: Path | None = None,
) -> Report:
    """Reads the tables and measures; see `amanat.trust.report`."""
    acts, unread = tables.read_events(events)
    aside = [*unread]
    exposed, more = tables.read_exposures(exposures)
    aside += more
    ours = own.read(exposed, receipts=receipts, answers=answers, cases=cases, now=now)
    aside += ours.aside
    acts, sources = own.joined(acts, ours, exposed)
    people = None
    if persons:
        people, more = tables.read_persons(persons)
        aside += more
    grouped = group(acts, exposed, people, since=since, until=until, founded=founded, now=now, reached=ours.reached, unread=unread)
    return of_group(grouped, aside, sources, ours)


def of_group(grouped: Grouped, aside: list[Aside], sources: list[Reason], ours: own.Own) -> Report:
    panel = grouped.panel
    # How a column was read is to be known; nothing of it was lost.
    known = tuple(one for one in aside if one.code in READ_SO)
    return Report(
        since=panel.since,
        until=panel.until,
        n_days=panel.n_days,
        n_affected=panel.n(True),
        n_unaffected=panel.n(False),
        n_left_out=grouped.n_left_out,
        measures=tuple(measure for gauge in gauges().values() for measure in gauge.measure(panel)),
        aside=(*(one for one in aside if one.code not in READ_SO), *grouped.aside),
        cautions=(*known, *grouped.cautions),
        sources=(*sources, grouped.joined),
        own=_own(panel, ours),
    )


def _own(panel: Panel, ours: own.Own) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if panel.reach is not None:
        reached = int((panel.reach.day >= 0).sum())
        found["reach"] = {"n": len(panel.reach.day), "reached": reached, "by": dict(panel.reach.by)}
    if ours.levels:
        found["survey"] = ours.levels
    if ours.help:
        found["help"] = ours.help
    return found


def as_json(made: Report) -> dict[str, Any]:
    """The report with its documented keys: docs/explanation/trust.md, "The keys of report.json"."""

    def counted(one: Aside) -> dict[str, Any]:
        return {"code": one.code, "n": one.n, "example": one.example}

    return {
        "since": made.since.isoformat(),
        "until": made.until.isoformat(),
        "n_days": made.n_days,
        "n_affected": made.n_affected,
        "n_unaffected": made.n_unaffected,
        "n_left_out": made.n_left_out,
        "measures": [measure_as_json(m) for m in made.measures],
        "set_aside": [counted(one) for one in made.aside],
        "cautions": [counted(one) for one in made.cautions],
        "sources": [{"code": one.code, "values": one.values} for one in made.sources],
        "own": dict(made.own),
    }


def measure_as_json(measure: Measure) -> dict[str, Any]:
    """One measure: a number never without its interval and its comparison group."""
    estimate = measure.estimate
    return {
        "name": measure.name,
        "unit": measure.unit,
        "standing": measure.standing,
        "estimate": estimate and {"value": estimate.value, "low": estimate.low, "high": estimate.high},
        "n": measure.n,
        "compared_with": measure.compared_with,
        "n_compared": measure.n_compared,
        "why": [{"code": reason.code, "values": reason.values} for reason in measure.why],
        "details": measure.details,
    }


@dataclass(frozen=True, slots=True)
class Miss:
    """An example of a measure that came out otherwise than its file says."""

    gauge: str
    story: str
    name: str
    expected: str
    got: str


def check() -> tuple[int, tuple[Miss, ...]]:
    """Every measure's own examples: how many values were compared, and those that differ."""
    n, misses = 0, []
    for name, gauge in gauges().items():
        for example in gauge.examples:
            got = {m.name: m for m in gauge.measure(_world(example).panel)}
            for wanted, expected in example.expected.items():
                n += 1
                if not _is_met(got, wanted, expected, example.within):
                    misses.append(Miss(name, example.story, wanted, str(expected), _shown(got, wanted)))
    return n, tuple(misses)


def _world(example: Example) -> Grouped:
    from datetime import timedelta, timezone

    since = datetime(2026, 1, 5, 9, tzinfo=timezone.utc)
    until = since + timedelta(days=example.n_days)
    acts, exposed, people = crowd_events(example.crowds, since)
    return group(acts, exposed, people, since=since, until=until, founded=None, now=until)


def _is_met(got: Mapping[str, Measure], name: str, expected: float | str, within: float) -> bool:
    if name not in got:
        return False
    estimate = got[name].estimate
    if isinstance(expected, str):
        return estimate is None and got[name].why[0].code == expected
    return estimate is not None and abs(estimate.value - expected) <= within


def _shown(got: Mapping[str, Measure], name: str) -> str:
    if name not in got:
        return "absent"
    estimate = got[name].estimate
    return got[name].why[0].code if estimate is None else f"{estimate.value:.6g}"
