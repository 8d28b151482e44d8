"""Reckon: many draws of all inputs to ranges: components, the whole, the loss-exceedance curve, and which input drives the spread."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from amanat.assess.money.case import Case
from amanat.assess.money.costs import COMPONENTS, Draws, Needs
from amanat.assess.money.distribution import Distribution
from amanat.assess.money.inputs import Input

DRAWS = 20_000
SHARES = (0.05, 0.5, 0.95)
# How likely it is that the loss is more: the points of the curve.
EXCEEDED = (0.99, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Below which sums 5, 50 and 95 of 100 draws lie, in euros."""

    p5: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One component of the cost: its range, or what it needs before it can be counted."""

    id: str
    range: Range | None
    happens: float = 1.0  # in which share of the draws it costs anything: a fine or a suit is rare
    if_happens: Range | None = None  # its range in those draws
    needs: tuple[str, ...] = ()  # what nobody knows and would make it countable, or surer


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of the loss-exceedance curve, with the 95 % interval that comes from the number of draws alone."""

    chance: float  # that the loss is more
    loss: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Driver:
    """One input and its part in the spread of the whole."""

    input: str
    share: float  # by how much the distance from p5 to p95 shrinks if this input were known, 0..1
    if_low: float  # the median of the whole with this input at its own p5, and at its p95
    if_high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """The whole, as ranges. A sum that is not counted stands in `parts` with what it needs."""

    parts: tuple[Part, ...]
    total: Range  # of what could be counted
    curve: tuple[Point, ...]
    drivers: tuple[Driver, ...]  # the strongest first
    n_draws: int
    seed: int

    @property
    def needs(self) -> tuple[str, ...]:
        """Inputs and facts that nobody knows, in the order of the components."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.needs))


def reckon(case: Case, inputs: Mapping[str, Input], *, seed: int, draws: int = DRAWS) -> Reckoning:
    """Ranges of the cost of an incident; the same case, inputs, seed and number of draws give the same answer."""
    known = distributions(case, inputs)
    values = {name: one.quantile(uniform(name, seed, draws)) for name, one in known.items()}
    sums, needs, used = _components(case, values, draws)
    total = sum(sums.values(), start=np.zeros(draws))
    parts = tuple(_part(name, sums.get(name), needs.get(name, ()), case) for name in COMPONENTS)
    return Reckoning(
        parts=parts,
        total=_range(total),
        curve=tuple(_point(np.sort(total), chance) for chance in EXCEEDED),
        drivers=_drivers(case, known, values, total, sorted(used & set(known)), draws),
        n_draws=draws,
        seed=seed,
    )


def distributions(case: Case, inputs: Mapping[str, Input]) -> dict[str, Distribution]:
    """The inputs of which somebody knows something, and the numbers of persons of the case."""
    found = {name: one.distribution for name, one in inputs.items() if one.shape != "unknown"}
    for name, bounds in (("persons", case.persons), ("watched", case.watched)):
        if bounds is not None:
            found[name] = Distribution(shape="uniform", low=bounds[0], high=bounds[1])
    return found


def uniform(name: str, seed: int, draws: int) -> np.ndarray:
    """Draws between 0 and 1 that belong to one input: changing another input, or adding one, does not move them.

    So two reckonings can be compared: the higher input gives the higher sum in every single draw.
    """
    own = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, own])))
    return (generator.permutation(draws) + generator.random(draws)) / draws * (1 - 1e-12) + 5e-13  # one in each n-th part: less noise


def _components(case: Case, values: dict[str, np.ndarray], draws: int) -> tuple[dict[str, np.ndarray], dict[str, tuple[str, ...]], set[str]]:
    sums, needs, used = {}, {}, set()
    for name, component in COMPONENTS.items():
        d = Draws(values, draws)
        try:
            found = component(case, d)
        except Needs as missing:
            needs[name] = missing.names
            continue
        sums[name] = found
        used |= d.used
    return sums, needs, used


def _part(name: str, sums: np.ndarray | None, needs: tuple[str, ...], case: Case) -> Part:
    if sums is None:
        return Part(id=name, range=None, needs=needs)
    if name == "fine" and case.ranges and not case.ranges[0].is_turnover_known:
        needs = ("turnover_eur",)
    there = sums[sums > 0]
    return Part(id=name, range=_range(sums), happens=len(there) / len(sums), if_happens=_range(there) if len(there) else None, needs=needs)


def _range(sums: np.ndarray) -> Range:
    p5, p50, p95 = np.quantile(sums, SHARES)
    return Range(p5=float(p5), p50=float(p50), p95=float(p95))


def _point(ordered: np.ndarray, chance: float) -> Point:
    """The sum that is exceeded with this chance; its interval is that of the order statistics (binomial, normal approximation)."""
    n = len(ordered)
    margin = 1.96 * sqrt(n * chance * (1 - chance))
    at = n * (1 - chance)

    def pick(index: float) -> float:
        return float(ordered[min(max(round(index), 0), n - 1)])

    return Point(chance=chance, loss=pick(at), low=pick(at - margin), high=pick(at + margin))


def _drivers(
    case: Case, known: Mapping[str, Distribution], values: dict[str, np.ndarray], total: np.ndarray, names: list[str], draws: int
) -> tuple[Driver, ...]:
    """What knowing each input would take off the spread. Inputs are held one at a time; the others go on varying."""
    p5, p95 = np.quantile(total, (0.05, 0.95))
    found = []
    for name in names:
        ends = known[name].quantile(np.array([0.05, 0.5, 0.95]))
        if known[name].shape == "chance":
            ends = np.array([0.0, ends[1], 1.0])  # it does not happen, or it does, however rare
        if ends[0] == ends[2]:
            continue
        held = [_whole(case, values | {name: np.full(draws, end)}, draws) for end in ends]
        low, high = np.quantile(held[1], (0.05, 0.95))
        share = 0.0 if p95 == p5 else max(0.0, 1 - float((high - low) / (p95 - p5)))
        found.append(Driver(input=name, share=share, if_low=float(np.median(held[0])), if_high=float(np.median(held[2]))))
    return tuple(sorted(found, key=lambda one: (-one.share, -(one.if_high - one.if_low), one.input)))


def _whole(case: Case, values: dict[str, np.ndarray], draws: int) -> np.ndarray:
    return sum(_components(case, values, draws)[0].values(), start=np.zeros(draws))


def without(inputs: Mapping[str, Input], *names: str) -> dict[str, Input]:
    """The inputs as if nobody knew these: what then is not counted."""
    return {key: replace(one, shape="unknown", value=None, low=None, mode=None, high=None) if key in names else one for key, one in inputs.items()}
