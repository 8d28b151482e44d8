"""What makes a message wait: a mailbox provider that is busy, and a person's night.

Nothing here slows whoever is at high risk, and no night outlasts a deadline. Only what the other side refuses to take holds for everybody.
What a channel takes in an hour and a day is the ledger's to keep (`quota`), which remembers it.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from amanat.lib.errors import Fixable
from amanat.notify.channel import Message, Outcome
from amanat.notify.mime import addresses_of
from amanat.terms.company import Company

# A provider that defers some mails wants fewer of them, not the same ones again a minute later.
# Fewer in a row may be greylisting, which wants each mail a second time and soon.
DEFERRALS = 50  # in a row, of one domain, until it is left alone
FIRST_REST = timedelta(seconds=30)  # then twice as long each time
LONGEST_REST = timedelta(minutes=30)
BEFORE_DEADLINE = timedelta(hours=3)  # a message that would wake somebody is better than one that comes too late
STEP = timedelta(minutes=15)


class BadQuietHours(Fixable):
    """Quiet hours that cannot be."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not before this moment, and why, as the ledger notes it."""

    until: datetime
    why: str


class Brake:
    """What holds messages back while they are sent, for one process. `share` is its part of what a mailbox provider takes from the house."""

    def __init__(
        self,
        company: Company,
        *,
        due: Mapping[str, datetime] | None = None,  # by notice id: when the last of its readers must have been told
        is_at_once: Callable[[Message], bool] = lambda _message: False,
        share: Callable[[], float] = lambda: 1.0,
    ) -> None:
        self._domains: dict[str, _Domain] = {}
        self._per_domain = company.per_minute_by_domain
        self._quiet = {name: read_hours(text) for name, text in company.quiet_hours.items()}
        self._due, self._is_at_once, self._share = due or {}, is_at_once, share
        self._lock = threading.Lock()

    def look(self, channel: str, message: Message, now: datetime) -> Wait | None:
        """Whether this message waits."""
        if channel == "email" and (domain := _domain_of(message)):
            with self._lock:
                until = self._of(domain).place_of(message.sending_id, now)
            if until > now:
                return Wait(until, "the mailbox provider takes no more now")
        if (hours := self._quiet.get(channel)) and not self._is_at_once(message):
            until = day_begins(hours, message.contact.residence, now)
            due = self._due.get(message.notice.id)
            if until > now and (due is None or until < due - BEFORE_DEADLINE):
                return Wait(until, "it is night where the person lives")
        return None

    def learn(self, channel: str, message: Message, outcome: Outcome, now: datetime) -> None:
        """What an answer says about the provider that gave it."""
        if channel == "email" and (domain := _domain_of(message)):
            with self._lock:
                self._of(domain).learn(outcome.became == "try_later", now)

    def _of(self, domain: str) -> "_Domain":
        per_minute = self._per_domain.get(domain, self._per_domain.get("default", 0))
        return self._domains.setdefault(domain, _Domain(timedelta(minutes=1) / (per_minute * self._share()) if per_minute else timedelta()))


class _Domain:
    """One mailbox provider: the distance between two mails, and how long it is left alone after it deferred some."""

    def __init__(self, distance: timedelta) -> None:
        self._distance = distance
        self._slot = self._rests_until = datetime.min.replace(tzinfo=ZoneInfo("UTC"))
        self._n_deferred = self._n_rests = 0
        self._places: dict[str, datetime] = {}  # of those that were told to wait

    def place_of(self, sending_id: str, now: datetime) -> datetime:
        """When this mail may go. Who was given a place in the row keeps it."""
        if self._rests_until > now:
            return self._rests_until
        if not self._distance:
            return now
        place = self._places.get(sending_id)
        if place is None:
            place = max(self._slot, now)
            self._slot = place + self._distance
        if place > now:
            self._places[sending_id] = place
        else:
            self._places.pop(sending_id, None)
        return place

    def learn(self, is_deferred: bool, now: datetime) -> None:
        if not is_deferred:
            self._n_deferred = self._n_rests = 0
        elif now >= self._rests_until:  # what was in the air when the rest began says nothing new
            self._n_deferred += 1
            if self._n_deferred >= DEFERRALS:
                self._rests_until = now + min(FIRST_REST * 2 ** min(self._n_rests, 10), LONGEST_REST)
                self._n_deferred, self._n_rests = 0, self._n_rests + 1


def _domain_of(message: Message) -> str:
    addresses = addresses_of(message.contact)
    return addresses[0].rpartition("@")[2].lower() if addresses else ""


# ---- nights ----


def read_hours(text: str) -> tuple[time, time]:
    """Begin and end of the quiet hours "21:00-08:00"; raises BadQuietHours.

    >>> read_hours("21:00-08:00")
    (datetime.time(21, 0), datetime.time(8, 0))
    """
    begin, dash, end = text.partition("-")
    try:
        hours = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError:
        hours = (time(), time())
    if not dash or hours[0] == hours[1] or any(h.tzinfo for h in hours):
        raise BadQuietHours(f"company.toml: quiet_hours {text!r} must read like 21:00-08:00")
    return hours


def day_begins(hours: tuple[time, time], residence: str | None, now: datetime) -> datetime:
    """The first moment from now on that is quiet in none of the zones of the person's country; `now` when none is known.

    A country with several zones counts as quiet while it is quiet in one of them: we do not guess where in it a person lives.
    """
    zones = zones_of((residence or "").partition("-")[0])
    moment = now
    while zones and any(_is_quiet(hours, moment.astimezone(zone).time()) for zone in zones):
        moment = _next_step(moment)
        if moment > now + timedelta(days=1):
            return now  # no hour of the day suits all of them: better at night than never
    return moment


def _next_step(moment: datetime) -> datetime:
    whole = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    return whole + STEP


def _is_quiet(hours: tuple[time, time], clock: time) -> bool:
    begin, end = hours
    return begin <= clock < end if begin < end else clock >= begin or clock < end


@cache
def zones_of(country: str) -> Sequence[ZoneInfo]:
    """The time zones of a country, as the time zone database lists them.

    >>> [zone.key for zone in zones_of("FR")], len(zones_of("US")) > 20, zones_of("")
    ([\'Europe/Paris\'], True, ())
    """
    from importlib.resources import files

    lines = (files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8").splitlines()
    return tuple(ZoneInfo(parts[2]) for line in lines if not line.startswith("#") and (parts := line.split("\t"))[0] == country)
