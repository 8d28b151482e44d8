"""What a provider sells by the hour and the day, and how much of it is left: counted from the ledger's attempts, by the minute.

The file ledger counts what its own lines say, the ledger in PostgreSQL what the whole house attempted; neither forgets it in a restart.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from amanat.terms.company import Company

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONGEST = DAY + MINUTE  # attempts that are older count against nothing


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts in any stretch of this length."""

    n: int
    stretch: timedelta


Limits = Mapping[str, Sequence[Limit]]  # by channel


def limits_of(company: Company) -> dict[str, list[Limit]]:
    """What each channel takes, by `messages_per_hour` and `messages_per_day`; a channel without a figure has no limit."""
    limits: dict[str, list[Limit]] = {}
    for figures, stretch in ((company.messages_per_hour, HOUR), (company.messages_per_day, DAY)):
        for channel, n in figures.items():
            limits.setdefault(channel, []).append(Limit(n, stretch))
    return limits


def minute_of(at: datetime) -> datetime:
    """The minute, in UTC, in which an attempt is counted."""
    return at.astimezone(timezone.utc).replace(second=0, microsecond=0)


def room(limits: Sequence[Limit], spent: Mapping[datetime, int], n: int, now: datetime) -> int:
    """How many of `n` may be attempted now, after what was spent in each minute.

    A minute counts until the whole of it is past: rather a few seconds too long than one message too many.

    >>> noon = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
    >>> room([Limit(100, HOUR)], {noon: 70}, 50, noon + timedelta(minutes=59)), room([Limit(100, HOUR)], {noon: 70}, 50, noon + timedelta(minutes=61))
    (30, 50)
    """
    for limit in limits:
        n = min(n, limit.n - sum(k for minute, k in spent.items() if minute + MINUTE > now - limit.stretch))
    return max(0, n)


class Spent:
    """What one process attempted on each channel that has a limit, in memory; its ledger fills it from the attempts on disk."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._minutes: dict[str, Counter[datetime]] = {channel: Counter() for channel in limits}

    def room(self, channel: str, n: int, now: datetime) -> int:
        """How many of `n` the channel takes now."""
        if channel not in self._limits:
            return n
        minutes = self._minutes[channel]
        for minute in [m for m in minutes if m <= now - LONGEST]:
            del minutes[minute]
        return room(self._limits[channel], minutes, n, now)

    def add(self, channel: str, n: int, at: datetime) -> None:
        """So many were attempted; fewer than none, when so many of those claimed at this moment were put back."""
        if channel in self._limits:
            self._minutes[channel][minute_of(at)] += n
