"""What a member of `measures/` is: how it measures, where the method comes from, and invented crowds that prove it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from amanat.lib.open_set import OpenSet
from amanat.terms.measure import Measure
from amanat.trust.panel import Panel

SET = OpenSet("trust/measures", "GAUGE")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that every person of a crowd does: `day` is counted from the first notice, with its fraction."""

    day: float
    kind: str
    more: dict[str, Any] = field(default_factory=dict)  # further columns of EVENTS


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many persons of one group who do the same."""

    n: int
    state: Literal["sure", "review", "unaffected"]
    acts: tuple[Act, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A small world and what must be measured in it, worked out by hand."""

    story: str
    crowds: tuple[Crowd, ...]
    # name of a measure -> its value, or the code of the reason why there is none
    expected: dict[str, float | str]
    within: float = 1e-6
    n_days: int = 180  # seen after the first notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """One measure, or a family of them with names `member.part`."""

    says: str
    source: str
    measure: Callable[[Panel], Iterable[Measure]]
    examples: tuple[Example, ...]


def gauges() -> dict[str, Gauge]:
    """Every member of `measures/`, by name."""
    return SET.load()
