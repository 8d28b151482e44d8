"""Logs to alerts: every event meets the rules and the patterns; what is seen about one entity in one stretch of time is one alert."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import BinaryIO

from amanat.detect.event import Event
from amanat.detect.log_file import read_events
from amanat.detect.pattern import Hit, Watcher, patterns, said
from amanat.detect.reading import Reading
from amanat.detect.rule_set import RuleSet
from amanat.detect.sigma_rule import Rule
from amanat.lib.private import Private
from amanat.terms.alert import SEVERITIES, STRENGTHS, Alert, Entity, Evidence, Strength

GAP_SECONDS = 900  # hits on the same entity that are further apart are two alerts

MATCHES = "%(n)s events match the rule “%(title)s” (first: %(file)s, line %(line)s)."
MATCHES_ONE = "One event matches the rule “%(title)s” (%(file)s, line %(line)s)."
SENTENCES = (MATCHES, MATCHES_ONE)

# A rule's level says how sure its author is; no rule alone is as good as a proof, but a critical one comes near.
_STRENGTH: dict[str, Strength] = {"critical": "hard", "high": "strong", "medium": "strong", "low": "weak"}


@dataclass(slots=True)
class _Run:
    """Matches of one rule on one entity without a longer pause."""

    rule: Rule
    entity: tuple[str, str]
    since: float | None
    until: float | None
    first: tuple[int, int]
    n: int = 1


@dataclass(slots=True)
class Watch:
    """One look at some logs."""

    rules: Sequence[Rule]
    names: Sequence[str]  # of the files, for evidence
    n_events: int = 0
    _set: RuleSet = field(init=False)
    _watchers: list[Watcher] = field(init=False)
    _open: dict[tuple[str, str, str], list[_Run]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._set = RuleSet(self.rules)
        self._watchers = [pattern.watch() for pattern in patterns().values()]

    def take(self, event: Event) -> None:
        self.n_events += 1
        for watcher in self._watchers:
            watcher.take(event)
        for rule in self._set.matches(event):
            self._note(rule, event)

    def read(self, file: BinaryIO, reading: Reading) -> None:
        for event in read_events(file, reading):
            self.take(event)

    def alerts(self) -> list[Alert]:
        """One alert for each entity and stretch of time, the gravest first."""
        hits = [hit for watcher in self._watchers for hit in watcher.hits()]
        hits += [self._hit(run) for runs in self._open.values() for run in runs]
        return grouped(hits)

    def _note(self, rule: Rule, event: Event) -> None:
        entity = entity_of(event)
        runs = self._open.setdefault((rule.id, *entity), [])
        at = event.at
        for run in reversed(runs):
            if at is None or run.since is None or run.until is None or run.since - GAP_SECONDS <= at <= run.until + GAP_SECONDS:
                run.n += event.n
                if at is not None and run.since is not None and run.until is not None:
                    run.since, run.until = min(run.since, at), max(run.until, at)
                return
        runs.append(_Run(rule, entity, at, at, event.place, event.n))

    def _hit(self, run: _Run) -> Hit:
        file, line = run.first
        details = {"title": run.rule.title, "file": self.names[file] if file < len(self.names) else "?", "line": line}
        name = f"sigma:{run.rule.path}"
        strength = _STRENGTH[run.rule.severity]
        told = said(name, strength, MATCHES, n=run.n, **details) if run.n > 1 else said(name, strength, MATCHES_ONE, **details)
        return Hit(entity=run.entity, since=run.since, until=run.until, n_events=run.n, kind=run.rule.kind, severity=run.rule.severity, evidence=told)


def entity_of(event: Event) -> tuple[str, str]:
    """The one thing that a person would act on: an attacking address, or the machine or account that was taken over."""
    if event.product == "windows" and event.host:
        return "host", event.host
    for kind, value in (("address", event.who), ("account", event.account), ("host", event.host)):
        if value:
            return kind, value
    return "service", event.service or event.category or event.product or "log"


def grouped(hits: Iterable[Hit]) -> list[Alert]:
    """Hits on the same entity that touch in time, as one alert with all their evidence."""
    by_entity: dict[tuple[str, str], list[Hit]] = {}
    for hit in hits:
        by_entity.setdefault(hit.entity, []).append(hit)
    alerts = [_alert(entity, together) for entity, some in by_entity.items() for together in _touching(some)]
    return sorted(alerts, key=lambda a: (-SEVERITIES.index(a.severity), -a.n_events, a.id))


def _touching(hits: list[Hit]) -> Iterator[list[Hit]]:
    timed = sorted((h for h in hits if h.since is not None), key=lambda h: h.since or 0.0)
    untimed = [h for h in hits if h.since is None]
    if not timed:
        yield untimed
        return
    together: list[Hit] = list(untimed)  # without a moment of their own they go with the first
    until = timed[0].until or 0.0
    for hit in timed:
        if hit.since is not None and hit.since > until + GAP_SECONDS:
            yield together
            together = []
        together.append(hit)
        until = max(until, hit.until or 0.0)
    yield together


def _alert(entity: tuple[str, str], hits: list[Hit]) -> Alert:
    kind, value = entity
    evidence: tuple[Evidence, ...] = tuple(
        sorted((h.evidence for h in hits), key=lambda e: (STRENGTHS.index(e.strength), -float(e.details.get("n", 0) or 0), e.signal))
    )
    gravest = max(hits, key=lambda h: SEVERITIES.index(h.severity))
    moments = [m for h in hits for m in (h.since, h.until) if m is not None]
    since, until = (_utc(min(moments)), _utc(max(moments))) if moments else (None, None)
    digest = hashlib.sha256(f"{kind}\0{value}\0{gravest.kind}\0{since}".encode()).hexdigest()
    return Alert(
        id=digest[:16],
        kind=gravest.kind,
        entity=Entity(type=kind, value=value if kind == "service" else Private(kind, value)),  # type: ignore[arg-type]
        since=since,
        until=until,
        n_events=max(sum(h.n_events for h in hits), 1),
        severity=gravest.severity,
        evidence=evidence[:50],
    )


def _utc(at: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(at, timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None
