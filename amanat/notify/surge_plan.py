"""What one plan of notices brings to the desk: contacts and staff by hour and day on the desk's own clock, and the pace it can follow."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import numpy as np

from amanat.lib.errors import did_you_mean
from amanat.notify.surge import USUAL, BadSurge, Desk, Forecast, Guesses, Service, Wave, carries, forecast, guesses, pace, rate_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HORIZON_HOURS = 28 * 24
# Where nobody stated a pace. One mail a second is what a small relay takes; for other channels we do not know one.
ASSUMED_PER_HOUR = {"email": 3600}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """Notices that went out on one channel at one moment."""

    at: datetime
    n: int
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What is to be sent on one channel."""

    channel: str
    n: int
    n_at_once: int  # of these, whom no pace slows
    fastest: int  # messages an hour that the channel carries


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast one channel is sent, and why so."""

    channel: str
    per_hour: int
    fastest: int
    is_served: bool  # whether the desk answers everybody at the service level at this pace
    ends_at: datetime
    deadline: datetime  # the moment that the pace was not to pass
    is_by_law: bool  # whether that moment is a law's, or the longest that we let anybody wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day on the desk's clock."""

    day: date
    contacts: float
    contacts_low: float
    contacts_high: float
    agents_needed: int  # in its fullest hour
    agents_needed_high: int
    wait_seconds: float | None  # the longest average wait of its hours; None while more come in than can be served
    is_waiting_known: bool
    queue: float  # that wait at its end
    hours: tuple[float | None, ...]  # contacts in each hour of the clock; None while the desk is closed


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A forecast on the desk's own clock."""

    begins_at: datetime  # a full hour of that clock
    zone: str
    desk: Desk
    is_staffed: bool  # whether somebody said how many we are
    service: Service
    forecast: Forecast
    n_told: int  # before it begins
    contacts_so_far: int
    hours_so_far: float
    capacity: float | None  # contacts an hour that the desk takes at the service level; None while nobody said how many we are
    days: tuple[Day, ...]

    def moment_of(self, hour: int) -> datetime:
        """When an hour of the forecast begins."""
        return (self.begins_at.astimezone(timezone.utc) + timedelta(hours=hour)).astimezone(ZoneInfo(self.zone))


def read_hours(text: str) -> frozenset[int]:
    """Opening hours of a day; past midnight they go on in the morning. Raises BadSurge.

    >>> sorted(read_hours("22-2"))
    [0, 1, 22, 23]
    """
    opens, dash, closes = text.partition("-")
    if not (dash and opens.isdecimal() and closes.isdecimal() and int(opens) < 24 and int(closes) <= 24 and opens != closes):
        raise BadSurge(f"{text!r} are no opening hours; write full hours such as 8-20")
    begin, end = int(opens), int(closes)
    return frozenset(range(begin, end)) if begin < end else frozenset(range(begin, 24)) | frozenset(range(end))


def read_days(text: str) -> frozenset[int]:
    """Days of the week (Monday 0) as they are typed; a week may begin on any day. Raises BadSurge.

    >>> sorted(read_days("sat-wed")), sorted(read_days("mon,thu"))
    ([0, 1, 2, 5, 6], [0, 3])
    """
    found: set[int] = set()
    for part in text.casefold().replace(" ", "").split(","):
        first, dash, last = part.partition("-")
        for name in (first, last) if dash else (first,):
            if name not in DAYS:
                raise BadSurge(f"{name!r} is no day of the week{did_you_mean(name, DAYS) or '.'} Write mon-fri, sat-wed or mon,thu.")
        begin = DAYS.index(first)
        length = (DAYS.index(last) - begin) % 7 if dash else 0
        found |= {(begin + i) % 7 for i in range(length + 1)}
    return frozenset(found)


def desk_of(agents: int, hours: frozenset[int] = frozenset(range(24)), days: frozenset[int] = frozenset(range(7))) -> Desk:
    """A desk with the same number of us in every hour in which it is open. What is open past midnight belongs to the day on which it opened."""
    if not hours or not days:
        raise BadSurge("a desk that is never open answers nobody; name its days and hours")
    is_overnight = {0, 23} <= hours and len(hours) < 24
    begin = next((hour for hour in range(24) if hour in hours and (hour - 1) % 24 not in hours), 0) if is_overnight else 0
    return Desk(agents=agents, open_hours=frozenset((24 * day + hour + (24 if hour < begin else 0)) % 168 for day in days for hour in hours))


def zone_named(name: str) -> str:
    """The name of a zone, if there is one of that name; raises BadSurge."""
    if name not in available_timezones():
        raise BadSurge(f"{name!r} is no time zone{did_you_mean(name, available_timezones()) or ';'} write one such as Europe/Paris")
    return name


def is_at_once(kinds: Iterable[str], *, is_minor: bool = False, has_needs: bool = False, severity: str = "", start: Guesses | None = None) -> bool:
    """Whether a person is told as fast as the channel carries, whatever the desk can take (`surge.toml` says why)."""
    return is_minor or has_needs or severity == "very_high" or not set((start or guesses()).at_once.kinds).isdisjoint(kinds)


def outlook(
    loads: Sequence[Load],
    desk: Desk,
    *,
    is_staffed: bool = True,
    now: datetime,
    zone: str = "UTC",
    per_hour: Mapping[str, int] | None = None,
    sent: Sequence[Sent] = (),
    contacts: Sequence[datetime] | None = None,
    service: Service = USUAL,
    start: Guesses | None = None,
) -> Outlook:
    """The forecast for what is still to be sent and for what was sent, on the clock of the desk's zone.

    Args:
        is_staffed: whether somebody said how many we are; without it, the staff needed is said and waiting is not.
        per_hour: the pace of each channel; without one, as fast as it carries. It slows nobody who is told at once.
        contacts: moments at which persons got in touch because of this incident; those before the first notice do not count. None
            where nobody counts them: then nothing is learned, for not to know is not that nobody called.
    """
    start = start or guesses()
    begin = _full_hour(now, zone)
    waves = [*_past(sent, begin), *_ahead(loads, per_hour or {})]
    n_so_far, hours_so_far = _learned(sent, contacts, begin)
    week = week_hours(begin, zone, HORIZON_HOURS)
    seen = forecast(
        waves, desk, starts_in=week, n_hours=HORIZON_HOURS, contacts_so_far=n_so_far, hours_so_far=hours_so_far, service=service, start=start
    )
    return Outlook(
        begins_at=begin,
        zone=zone,
        desk=desk,
        is_staffed=is_staffed,
        service=service,
        forecast=seen,
        n_told=sum(one.n for one in sent),
        contacts_so_far=n_so_far,
        hours_so_far=hours_so_far,
        capacity=carries(desk.agents, start.handling.minutes, service) if is_staffed else None,
        days=_days(seen, begin, zone, is_staffed=is_staffed),
    )


def paces(
    loads: Sequence[Load],
    desk: Desk,
    *,
    now: datetime,
    zone: str = "UTC",
    deadline: datetime | None = None,
    waits_since: datetime | None = None,
    sent: Sequence[Sent] = (),
    contacts: Sequence[datetime] | None = None,
    service: Service = USUAL,
    start: Guesses | None = None,
) -> list[Pace]:
    """The pace that the desk can follow on each channel. It never ends after the deadline, nor after our own patience, and slows nobody at high risk.

    Args:
        deadline: by which the persons must be told; when it is over, everything is sent as fast as the channel carries.
        waits_since: when the notices were approved: our patience counts from then, however often the pace is chosen anew.
    """
    start = start or guesses()
    begin = _full_hour(now, zone)
    longest = (waits_since or now) + timedelta(hours=start.patience.hours)
    by_law = deadline is not None and deadline < longest
    last = deadline if by_law and deadline is not None else longest
    # The full hours that are left: what is sent in an hour that has begun may leave in its last minute.
    hours_left = math.floor((last - now) / timedelta(hours=1))
    n_so_far, hours_so_far = _learned(sent, contacts, begin)
    week = week_hours(begin, zone, HORIZON_HOURS)
    found = []
    before = [*_past(sent, begin), *_ahead([_only_at_once(load) for load in loads], {})]
    for load in sorted(loads, key=lambda one: one.n - one.n_at_once):  # the largest yields to the others
        n = load.n - load.n_at_once
        per_hour, is_served = load.fastest, True
        if hours_left < 1:
            is_served = False
        elif n:
            per_hour, is_served = pace(
                n,
                load.channel,
                desk,
                hours_left=hours_left,
                fastest=load.fastest,
                starts_in=week,
                before=before,
                contacts_so_far=n_so_far,
                hours_so_far=hours_so_far,
                service=service,
                start=start,
            )
        before += _ahead([Load(channel=load.channel, n=n, n_at_once=0, fastest=load.fastest)], {load.channel: per_hour})
        ends_at = now + timedelta(hours=n / per_hour)
        found.append(
            Pace(
                channel=load.channel,
                per_hour=per_hour,
                fastest=load.fastest,
                is_served=is_served,
                ends_at=ends_at,
                deadline=last,
                is_by_law=by_law,
            )
        )
    return sorted(found, key=lambda one: one.channel)


def patience_hours() -> int:
    """How long a notice may wait for the desk, whatever the law's last day is."""
    return guesses().patience.hours


def expected_so_far(sent: Sequence[Sent], *, now: datetime, start: Guesses | None = None) -> tuple[float, float, float]:
    """Contacts that the opening guess expected by now (5 %, middle, 95 %), to be held against those that came."""
    start = start or guesses()
    come = sum(
        one.n * float(start.arrival_of(one.channel).share_by(np.array([(now - one.at) / timedelta(hours=1)]))[0]) for one in sent if one.at < now
    )
    low, middle, high = rate_of([], start=start)
    return come * low, come * middle, come * high


def week_hours(begin: datetime, zone: str, n_hours: int) -> list[int]:
    """The hour of the local week for each hour from `begin`: where clocks are put forward one is missing, and put back one comes twice.

    >>> from datetime import timezone
    >>> week_hours(datetime(2026, 3, 29, 0, tzinfo=timezone.utc), "Europe/Paris", 3)
    [145, 147, 148]
    """
    there = ZoneInfo(zone)
    clocks = ((begin.astimezone(timezone.utc) + timedelta(hours=hour)).astimezone(there) for hour in range(n_hours))
    return [clock.weekday() * 24 + clock.hour for clock in clocks]


def _full_hour(now: datetime, zone: str) -> datetime:
    return now.astimezone(ZoneInfo(zone)).replace(minute=0, second=0, microsecond=0)


def _past(sent: Sequence[Sent], begin: datetime) -> list[Wave]:
    n: Counter[tuple[int, str]] = Counter()
    for one in sent:
        n[math.floor((one.at - begin) / timedelta(hours=1)), one.channel] += one.n
    return [Wave(hour=hour, n=count, channel=channel) for (hour, channel), count in sorted(n.items())]


def _ahead(loads: Sequence[Load], per_hour: Mapping[str, int]) -> list[Wave]:
    """Those who are told at once, and the others at their pace beside them."""
    waves = []
    for load in loads:
        for n, rate in ((load.n_at_once, load.fastest), (load.n - load.n_at_once, min(per_hour.get(load.channel, load.fastest), load.fastest))):
            waves += [Wave(hour=hour, n=min(rate, n - hour * rate), channel=load.channel) for hour in range(-(-n // rate))]
    return waves


def _only_at_once(load: Load) -> Load:
    return Load(channel=load.channel, n=load.n_at_once, n_at_once=load.n_at_once, fastest=load.fastest)


def _learned(sent: Sequence[Sent], contacts: Sequence[datetime] | None, begin: datetime) -> tuple[int, float]:
    """Contacts since the first notice, and the hours since then."""
    first = min((one.at for one in sent), default=None)
    if contacts is None or first is None or first >= begin:
        return 0, 0.0
    # Whole hours, as the waves have them: the first one's contacts all lie within.
    return sum(first <= at < begin for at in contacts), float(math.ceil((begin - first) / timedelta(hours=1)))


def _days(seen: Forecast, begin: datetime, zone: str, *, is_staffed: bool) -> tuple[Day, ...]:
    there = ZoneInfo(zone)
    by_day: dict[date, list[tuple[int, int]]] = {}
    for i, one in enumerate(seen.hours):
        clock = (begin.astimezone(timezone.utc) + timedelta(hours=one.hour)).astimezone(there)
        by_day.setdefault(clock.date(), []).append((clock.hour, i))
    days = []
    for day, found in by_day.items():
        hours = [seen.hours[i] for _clock, i in found]
        shown: list[float | None] = [None] * 24
        for clock_hour, i in found:
            shown[clock_hour] = (shown[clock_hour] or 0.0) + seen.hours[i].contacts
        waits = [one.wait_seconds for one in hours]
        days.append(
            Day(
                day=day,
                contacts=sum(one.contacts for one in hours),
                contacts_low=sum(one.contacts_low for one in hours),
                contacts_high=sum(one.contacts_high for one in hours),
                agents_needed=max(one.agents_needed for one in hours),
                agents_needed_high=max(one.agents_needed_high for one in hours),
                wait_seconds=None if None in waits else max((w for w in waits if w is not None), default=0.0),
                is_waiting_known=is_staffed,
                queue=hours[-1].queue,
                hours=tuple(shown),
            )
        )
    return tuple(days)
