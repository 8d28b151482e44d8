"""Pattern: something that no single event shows, only many together: guessing, flooding, carrying out. Members live in `patterns/`.

Each counts by key and stretch of time and compares with what is usual in the same log: the median, and the spread as the
median absolute deviation, which a few attackers among many cannot move.
"""

import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from amanat.detect.event import Event
from amanat.lib.errors import Fixable
from amanat.lib.open_set import OpenSet
from amanat.terms.alert import AlertKind, Evidence, Severity, Strength

MEMBERS = OpenSet("detect/patterns", "PATTERN")
OTHERS_MIN = 5  # fewer keys to compare with tell nothing about what is usual
KEYS_MAX = 2_000_000  # keys and stretches that one pattern counts; beyond, new ones are not counted, and that is said


class BadPattern(Fixable):
    """A pattern's file says something that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing a rule or pattern saw about one entity; the grouping makes alerts of them."""

    entity: tuple[str, str]  # type and value
    since: float | None
    until: float | None
    n_events: int
    kind: AlertKind
    severity: Severity
    evidence: Evidence


class Watcher(Protocol):
    """What counts while the events go by, and says at the end what it saw."""

    def take(self, event: Event) -> None: ...
    def hits(self) -> Iterator[Hit]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One pattern; examples are logs, as lists of lines."""

    watch: Callable[[], Watcher]
    sentences: tuple[str, ...]
    source: str
    examples: tuple[Sequence[str], ...]
    not_examples: tuple[Sequence[str], ...]

    def __post_init__(self) -> None:
        if not (self.sentences and self.source and self.examples and self.not_examples):
            raise BadPattern("a pattern has sentences, a source, examples and counter-examples")


def patterns() -> dict[str, Pattern]:
    """Every pattern, by name."""
    return MEMBERS.load()


def said(signal: str, strength: Strength, says: str, **details: Any) -> Evidence:
    """A piece of evidence of a pattern."""
    return Evidence(signal=signal, strength=strength, says=says, details=details)


@dataclass(slots=True)
class Counts:
    """Numbers by key and stretch of time."""

    seconds: int
    by: dict[tuple[str, int], float] = field(default_factory=dict)
    n_left_out: int = 0

    def add(self, key: str, at: float | None, n: float = 1) -> int:
        """Counts and returns the stretch; without a moment everything falls into one."""
        stretch = int(at // self.seconds) if at is not None else -1
        if (key, stretch) in self.by or len(self.by) < KEYS_MAX:
            self.by[key, stretch] = self.by.get((key, stretch), 0) + n
        else:
            self.n_left_out += 1
        return stretch

    def runs(self, is_much: Callable[[float], bool]) -> Iterator[tuple[str, list[int], float]]:
        """Each key's neighbouring stretches with much in them, joined: key, stretches, and the largest number."""
        loud: dict[str, list[int]] = {}
        for (key, stretch), n in self.by.items():
            if is_much(n):
                loud.setdefault(key, []).append(stretch)
        for key, stretches in loud.items():
            run: list[int] = []
            for stretch in sorted(stretches):
                if run and stretch > run[-1] + 1:
                    yield key, run, max(self.by[key, s] for s in run)
                    run = []
                run.append(stretch)
            yield key, run, max(self.by[key, s] for s in run)


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual among keys: the median and a robust standard deviation; None when there is too little to compare with."""

    median: float
    spread: float

    def far(self, n: float) -> float:
        """How many robust standard deviations n is above the median."""
        return (n - self.median) / self.spread


def usual(numbers: Iterable[float]) -> Usual | None:
    """The median of the numbers, one for each key, and 1.4826 × their median absolute deviation (at least 1).

    >>> usual([1, 2, 2, 3, 1, 900]).far(900) > 100
    True
    """
    each = list(numbers)
    if len(each) < OTHERS_MIN:
        return None
    middle = statistics.median(each)
    return Usual(middle, max(1.4826 * statistics.median(abs(n - middle) for n in each), 1.0))


def span(stretches: Sequence[int], seconds: int) -> tuple[float | None, float | None]:
    """The moments between which these stretches lie."""
    return (None, None) if stretches[0] < 0 else (stretches[0] * seconds, (stretches[-1] + 1) * seconds)


def peaks(counts: Counts) -> dict[str, float]:
    """Each key's largest number in one stretch."""
    found: dict[str, float] = {}
    for (key, _), n in counts.by.items():
        found[key] = max(found.get(key, 0), n)
    return found
