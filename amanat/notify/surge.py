"""How many will get in touch after the notices, how many of us that takes, and how fast to send so that they are heard.

Contacts follow each wave of notices at a rate that nobody knows in advance: it starts from documented guesses (`surge.toml`)
and is learned from this incident's own contacts (a gamma distribution, updated by counts: it knows how many came, not whether
our guess of *when* they come is right, so early learning is surer of itself than it should be). Waiting times are Erlang C's
(Poisson arrivals, exponential handling, patient callers); where more come in than can be served, the queue grows and is said.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from amanat.lib.errors import Fixable
from amanat.lib.shape import build, read_toml

HOURS_PER_WEEK = 7 * 24
AGENTS_MAX = 20_000  # more than any desk has; a forecast that needs them has been asked for with a wrong number


class BadSurge(Fixable):
    """A forecast that was asked for with numbers that cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Share of the persons told who get in touch: a guess with its spread."""

    middle: float
    low: float  # 5 of 100 incidents lie below
    high: float  # 5 of 100 incidents lie above
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Minutes of work per contact."""

    minutes: float
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """When contacts come after a notice was sent: none before the delay, then half of what is left in each half-life."""

    delay_hours: float
    half_life_hours: float
    source: str = ""

    def share_by(self, hours: np.ndarray) -> np.ndarray:
        """Of all contacts that will ever come, the share within so many hours of sending."""
        return 1.0 - np.exp2(-np.maximum(hours - self.delay_hours, 0.0) / self.half_life_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """Whom no pace slows: kinds of data with which somebody can do harm within hours."""

    kinds: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a notice may wait for the desk where the law names no hour."""

    hours: int
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guesses:
    """What a forecast starts from."""

    rate: Rate
    handling: Handling
    arrival: dict[str, Arrival]
    at_once: AtOnce = AtOnce()
    patience: Patience = Patience(hours=48)

    def arrival_of(self, channel: str) -> Arrival:
        return self.arrival.get(channel, self.arrival["other"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wave:
    """Notices that go out in one hour on one channel. Hours are counted from the start of the forecast and may lie before it."""

    hour: int
    n: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who answers: how many agents, and in which hours of the week (Monday 0 h = 0)."""

    agents: int
    open_hours: frozenset[int] = frozenset(range(HOURS_PER_WEEK))

    @classmethod
    def weekdays(cls, agents: int, opens: int, closes: int) -> "Desk":
        """Open Monday to Friday, from one full hour to another."""
        return cls(agents=agents, open_hours=frozenset(24 * day + hour for day in range(5) for hour in range(opens, closes)))


@dataclass(frozen=True, slots=True)
class Service:
    """What we promise who calls: that this share of them is answered within so many seconds. Call centres write it 80/60."""

    share: float = 0.8
    seconds: float = 60.0

    @classmethod
    def read(cls, text: str) -> "Service":
        """The level as it is typed; raises BadSurge.

        >>> Service.read("80/60")
        Service(share=0.8, seconds=60.0)
        """
        percent, slash, seconds = text.partition("/")
        if not (slash and percent.isdecimal() and seconds.isdecimal() and 1 <= int(percent) <= 99 and 0 < int(seconds) <= 86_400):
            raise BadSurge(f"{text!r} is no service level; write 80/60 for 80 of 100 callers answered within 60 seconds (1 to 99, 1 to 86400)")
        return cls(int(percent) / 100, float(seconds))


USUAL = Service()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """One hour in which the desk is open."""

    hour: int
    contacts: float  # that come in, by the rate's middle
    contacts_low: float  # by its 5 % end
    contacts_high: float  # by its 95 % end
    agents_needed: int  # for the service level
    agents_needed_high: int
    wait_seconds: float | None  # on average, with the agents there are; None while more come in than can be served
    queue: float  # contacts that wait at the end of the hour


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What the notices will bring."""

    rate: tuple[float, float, float]  # 5 %, middle, 95 %
    contacts: tuple[int, int, int]  # of all waves, to the end
    hours: tuple[Hour, ...]

    @property
    def peak(self) -> Hour | None:
        """The hour in which most come in."""
        return max(self.hours, key=lambda one: one.contacts, default=None)

    @property
    def queue_max(self) -> float:
        return max((one.queue for one in self.hours), default=0.0)


@cache
def guesses() -> Guesses:
    """The documented starting points of `surge.toml`."""
    path = Path(__file__).with_name("surge.toml")
    return build(Guesses, read_toml(path), where=path)


def forecast(
    waves: Sequence[Wave],
    desk: Desk,
    *,
    starts_in: int | Sequence[int] = 0,
    n_hours: int = 28 * 24,
    contacts_so_far: int = 0,
    hours_so_far: float = 0.0,
    service: Service = USUAL,
    start: Guesses | None = None,
) -> Forecast:
    """What comes in, hour by hour, and what it takes.

    Args:
        waves: all notices, those already sent too (their hours are below 0).
        starts_in: the hour of the week in which the forecast begins (Monday 0 h = 0); or that of each hour of it, which is not
            simply one more where clocks are put forward or back.
        contacts_so_far: of this incident, within the last `hours_so_far` hours before the forecast begins.
    Raises:
        BadSurge: a number that cannot be.
    """
    start = start or guesses()
    if desk.agents < 0 or any(wave.n < 0 for wave in waves) or contacts_so_far < 0:
        raise BadSurge("a forecast counts agents, notices and contacts: none of them can be below zero")
    if not desk.open_hours <= set(range(HOURS_PER_WEEK)):
        raise BadSurge(f"the hours of a week are 0 to {HOURS_PER_WEEK - 1}: Monday midnight is 0, Tuesday noon is 36")
    low, middle, high = rate_of(waves, contacts_so_far=contacts_so_far, hours_so_far=hours_so_far, start=start)
    week = _week_hours(starts_in, n_hours)
    per_rate = _moved_to_open(_come_in(waves, n_hours, start), desk, week)
    n_all = sum(wave.n for wave in waves)
    minutes = start.handling.minutes
    hours, queue = [], 0.0
    for hour in range(n_hours):
        if week[hour] not in desk.open_hours:
            continue
        comes, comes_high = float(per_rate[hour]) * middle, float(per_rate[hour]) * high
        served = desk.agents * 60.0 / minutes
        was, queue = queue, max(queue + comes - served, 0.0)
        hours.append(
            Hour(
                hour=hour,
                contacts=comes,
                contacts_low=float(per_rate[hour]) * low,
                contacts_high=comes_high,
                agents_needed=agents_needed(comes, minutes, service),
                agents_needed_high=agents_needed(comes_high, minutes, service),
                wait_seconds=wait_seconds(comes, minutes, desk.agents) if not was else None,
                queue=queue,
            )
        )
    return Forecast(rate=(low, middle, high), contacts=(round(n_all * low), round(n_all * middle), round(n_all * high)), hours=tuple(hours))


def rate_of(
    waves: Sequence[Wave], *, contacts_so_far: int = 0, hours_so_far: float = 0.0, start: Guesses | None = None
) -> tuple[float, float, float]:
    """The share of the persons told who get in touch, with its ends (5 %, middle, 95 %): the guess, and what came so far."""
    start = start or guesses()
    shape, scale = _prior(start.rate)
    told = sum(wave.n * _came_between(start.arrival_of(wave.channel), -wave.hour - hours_so_far, -wave.hour) for wave in waves if hours_so_far)
    # Each person told is as much knowledge as one unit of the gamma distribution's own weight.
    shape, scale = shape + contacts_so_far, 1.0 / (1.0 / scale + told)
    low, middle, high = (_gamma_quantile(q, shape) * scale for q in (0.05, 0.5, 0.95))
    return low, middle, high


def pace(
    n: int,
    channel: str,
    desk: Desk,
    *,
    hours_left: int,
    fastest: int,
    starts_in: int | Sequence[int] = 0,
    before: Sequence[Wave] = (),
    contacts_so_far: int = 0,
    hours_so_far: float = 0.0,
    service: Service = USUAL,
    start: Guesses | None = None,
) -> tuple[int, bool]:
    """Notices per hour that the desk can follow, and whether it really can.

    The slowest pace is the one that ends by the deadline: we rather let callers wait than a law. Persons at high risk are not
    part of `n`: they are told at once, as a wave in `before`.

    Args:
        hours_left: to the deadline, at least 1.
        fastest: notices per hour that the channel carries.
    """
    if n < 0 or hours_left < 1 or fastest < 1:
        raise BadSurge("a pace needs a number of notices, at least one hour to the deadline, and a channel that carries at least one an hour")
    start = start or guesses()
    # What came so far is about those who were told so far; what the pace would be does not change it.
    middle = rate_of(before, contacts_so_far=contacts_so_far, hours_so_far=hours_so_far, start=start)[1]
    n_hours = 28 * 24
    week = _week_hours(starts_in, n_hours)
    is_open = np.array([hour in desk.open_hours for hour in week])

    def is_served(per_hour: int) -> bool:
        comes = _moved_to_open(_come_in([*before, *_spread(n, per_hour, channel)], n_hours, start), desk, week)
        # More contacts never need fewer of us, so the fullest hour speaks for all.
        most = float(comes[is_open].max(initial=0.0)) * middle
        return agents_needed(most, start.handling.minutes, service) <= desk.agents

    slowest = min(max(-(-n // hours_left), 1), fastest)
    if not is_served(slowest):
        return slowest, False
    low, high = slowest, fastest
    while low < high:  # more an hour never needs fewer of us
        half = (low + high + 1) // 2
        low, high = (half, high) if is_served(half) else (low, half - 1)
    return low, True


def waiting(load: float, agents: int) -> float:
    """Erlang C: the chance that a caller waits, of so many erlangs of work (hours of work per hour) and so many agents.

    >>> round(waiting(10.0, 14), 4)
    0.1741
    """
    if load <= 0:
        return 0.0
    if agents <= load:
        return 1.0
    blocked = 1.0
    for n in range(1, agents + 1):  # Erlang B, whose recursion does not overflow
        blocked = load * blocked / (n + load * blocked)
    return blocked / (1.0 - load / agents * (1.0 - blocked))


def wait_seconds(contacts: float, minutes: float, agents: int) -> float | None:
    """How long callers wait on average, with so many contacts an hour; None when more come than can be served."""
    load = contacts * minutes / 60.0
    if not contacts:
        return 0.0
    return waiting(load, agents) * minutes * 60.0 / (agents - load) if agents > load else None


def agents_needed(contacts: float, minutes: float, service: Service = USUAL) -> int:
    """How many of us it takes for the service level; at most `AGENTS_MAX`."""
    load = contacts * minutes / 60.0
    if not contacts:
        return 0
    blocked = 1.0
    for agents in range(1, AGENTS_MAX):
        blocked = load * blocked / (agents + load * blocked)
        if agents > load:
            waits = blocked / (1.0 - load / agents * (1.0 - blocked))
            if 1.0 - waits * math.exp(-(agents - load) * service.seconds / (minutes * 60.0)) >= service.share:
                return agents
    return AGENTS_MAX


def carries(agents: int, minutes: float, service: Service = USUAL) -> float:
    """Contacts an hour that so many of us can take at the service level.

    >>> agents_needed(carries(12, 9.0), 9.0)
    12
    """
    low, high = 0.0, agents * 60.0 / minutes
    for _ in range(40):
        half = (low + high) / 2
        low, high = (half, high) if agents_needed(half, minutes, service) <= agents else (low, half)
    return low


def _spread(n: int, per_hour: int, channel: str) -> list[Wave]:
    """So many notices, at that pace from now on."""
    whole, rest = divmod(n, per_hour)
    return [Wave(hour=h, n=per_hour, channel=channel) for h in range(whole)] + ([Wave(hour=whole, n=rest, channel=channel)] if rest else [])


def _prior(rate: Rate) -> tuple[float, float]:
    """Shape and scale of the gamma distribution whose ends lie as far apart as the guess says, with its middle."""
    from scipy.optimize import brentq

    if not 0 < rate.low < rate.middle < rate.high:
        raise BadSurge("surge.toml: of the rate, low must lie below middle, and middle below high, all above 0")
    apart = math.log(rate.high / rate.low)
    shape = brentq(lambda k: math.log(_gamma_quantile(0.95, k) / _gamma_quantile(0.05, k)) - apart, 0.05, 1e6)
    return shape, rate.middle / _gamma_quantile(0.5, shape)


def _gamma_quantile(q: float, shape: float) -> float:
    from scipy.special import gammaincinv

    return float(gammaincinv(shape, q))


def _came_between(arrival: Arrival, begin: float, end: float) -> float:
    """Share of a wave's contacts between two ages of the wave."""
    early, late = arrival.share_by(np.array([max(begin, 0.0), max(end, 0.0)]))
    return float(late - early)


def _come_in(waves: Sequence[Wave], n_hours: int, start: Guesses) -> np.ndarray:
    """Persons who are due to get in touch in each hour, were everybody to do so."""
    edges = np.arange(n_hours + 1, dtype=float)
    found = np.zeros(n_hours)
    for wave in waves:
        found += wave.n * np.diff(start.arrival_of(wave.channel).share_by(edges - wave.hour))
    return found


def _week_hours(starts_in: int | Sequence[int], n_hours: int) -> Sequence[int]:
    if isinstance(starts_in, int):
        return [(starts_in + hour) % HOURS_PER_WEEK for hour in range(n_hours)]
    if len(starts_in) < n_hours:
        raise BadSurge(f"the clock was given for {len(starts_in)} hours, and the forecast is for {n_hours}")
    return starts_in


def _moved_to_open(comes: np.ndarray, desk: Desk, week: Sequence[int]) -> np.ndarray:
    """Whoever would come while the desk is closed comes within the hours of its next open day, evenly."""
    if not desk.open_hours:
        return comes
    found = np.zeros_like(comes)
    waiting_for_us, hour = 0.0, 0
    while hour < len(comes):
        if week[hour] not in desk.open_hours:
            waiting_for_us += comes[hour]
            hour += 1
            continue
        end = hour
        while end < len(comes) and week[end] in desk.open_hours and (end == hour or end - hour < 24):
            end += 1
        found[hour:end] = comes[hour:end] + waiting_for_us / (end - hour)
        waiting_for_us, hour = 0.0, end
    return found
