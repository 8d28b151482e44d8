"""Trees of conditions: leaves that ask one thing of a situation, branches that join them with three values, and the trace of both."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from amanat.terms.assessment import Reason


@dataclass(frozen=True, slots=True)
class Known:
    """A fact's value and how far it can be relied on; `note` says where it comes from when it was not simply given."""

    value: Any
    note: str = ""


@dataclass(frozen=True, slots=True)
class Between:
    """A number, or the rank of a choice, known only to lie between two bounds, both included."""

    low: float
    high: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class SomeKinds:
    """Kinds that are affected for sure, and those that may be; `maybe` None means any kind may be."""

    sure: frozenset[str]
    maybe: frozenset[str] | None
    note: str = ""


class World(Protocol):
    """What a condition can ask. `Situation` answers from facts and exposures; tests answer from anything."""

    # Steps taken before, by the id of their condition: while one duty asks what would change if one answer were another, all other
    # answers stay. The condition is kept beside its step, so that its id cannot pass to another one.
    taken: dict[int, tuple["Expression", Reason]]

    def fact(self, name: str) -> Known | Between | None: ...
    def moment(self, name: str) -> tuple[datetime | None, str]: ...
    def residents(self, places: tuple[str, ...], kinds: tuple[str, ...]) -> Between: ...
    def residents_of_one(self, country: str) -> Between: ...
    def kinds(self, places: tuple[str, ...]) -> SomeKinds: ...
    def established(self, places: tuple[str, ...]) -> Known | None: ...


def k_and(answers: list[bool | None]) -> bool | None:
    """Yes when all are yes, no when one is no, else unknown."""
    return False if False in answers else None if None in answers else True


def k_or(answers: list[bool | None]) -> bool | None:
    """Yes when one is yes, no when all are no, else unknown."""
    return True if True in answers else None if None in answers else False


def k_at_least(n: int, answers: list[bool | None]) -> bool | None:
    """Yes when n are yes, no when fewer than n can still be, else unknown.

    >>> k_at_least(2, [True, None, True]), k_at_least(2, [True, None, False]), k_at_least(2, [True, False, False])
    (True, None, False)
    """
    n_yes = answers.count(True)
    return True if n_yes >= n else None if n_yes + answers.count(None) >= n else False


def k_not(answer: bool | None) -> bool | None:
    """The opposite; unknown stays unknown."""
    return None if answer is None else not answer


# What if a single leaf had another answer? Leaf text -> answer.
Instead = Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One question about one fact, or one count."""

    says: str
    fact: str  # the fact a person is asked for
    ask: Callable[[World], tuple[bool | None, Any, str]]  # answer, value got, note
    wants: Callable[[bool], str]  # the change that would give that answer, in words
    kinds: tuple[str, ...] = ()  # kinds of data it looks for

    def answer(self, world: World, instead: Instead) -> Reason:
        if self.says not in instead:
            return _once(self, world)
        return self.step(world, instead)

    def step(self, world: World, instead: Instead) -> Reason:
        outcome, got, note = self.ask(world)
        outcome = instead.get(self.says, outcome)
        below = (Reason(says=note, outcome=outcome, fact=self.fact),) if note else ()
        return Reason(says=self.says, outcome=outcome, fact=self.fact, got=got, below=below)

    def leaves(self) -> tuple["Leaf", ...]:
        return (self,)


@dataclass(frozen=True, slots=True)
class Branch:
    """`and`, `or`, `not`, or the name of a definition, over what stands below. Every part is asked, so that the trace is whole."""

    says: str
    join: Callable[[list[bool | None]], bool | None]
    below: tuple["Leaf | Branch", ...]
    asks: frozenset[str] = field(init=False, repr=False, compare=False)  # `says` of every leaf below

    def __post_init__(self) -> None:
        object.__setattr__(self, "asks", frozenset(leaf.says for leaf in self.leaves()))

    def answer(self, world: World, instead: Instead) -> Reason:
        if self.asks.isdisjoint(instead):
            return _once(self, world)
        return self.step(world, instead)

    def step(self, world: World, instead: Instead) -> Reason:
        reasons = tuple(part.answer(world, instead) for part in self.below)
        return Reason(says=self.says, outcome=self.join([r.outcome for r in reasons]), below=reasons)

    def leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaf for part in self.below for leaf in part.leaves())


Expression = Leaf | Branch


def _once(asked: Expression, world: World) -> Reason:
    key = id(asked)
    if key not in world.taken:
        world.taken[key] = (asked, asked.step(world, {}))
    return world.taken[key][1]
