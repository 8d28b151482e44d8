"""What providers sell us, held for the whole house: every sender on every machine counts into the same minutes, and a restart forgets none.

A claim and its count stand in one transaction. Where a channel has no limit, nothing is counted and nobody waits for anybody.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, F
from django.db.models.functions import TruncMinute

from amanat import notify
from amanat.web.notify.models import ApprovalRow, AttemptsRow, ReceiptRow, SendingRow

KEPT_FOR = timedelta(days=3)


@dataclass(slots=True)
class Allowance:
    """How many may be claimed, and how many were."""

    n: int
    n_used: int = 0


class HouseQuota:
    """What the house may still attempt on each channel, for the ledger of one approval."""

    def __init__(self, limits: notify.Limits, approval: ApprovalRow) -> None:
        self._limits = limits
        self._is_drill = approval.incident.is_drill if limits else False
        self._known: set[str] = set()  # channels whose attempts are counted, as far as we looked

    @contextmanager
    def within(self, channel: str, n: int, at: datetime) -> Iterator[Allowance]:
        """How many of `n` may be claimed; whoever claims inside says how many it were, and that is counted in the same transaction."""
        if channel not in self._limits:
            yield Allowance(n)
            return
        with transaction.atomic(), connection.cursor() as cursor:
            # One claim of the house at a time: two that count side by side would both find the last place free.
            cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"amanat quota {self._is_drill} {channel}"])
            allowed = Allowance(notify.room(self._limits[channel], self._spent(channel, at), n, at))
            yield allowed
            _add(channel, self._is_drill, notify.minute_of(at), allowed.n_used)

    def give_back(self, rows: Iterable[SendingRow]) -> None:
        """These were claimed (`changed_at` says when) and not attempted."""
        back = Counter((row.channel, notify.minute_of(row.changed_at)) for row in rows if row.channel in self._limits)
        for (channel, minute), n in sorted(back.items()):
            ours = AttemptsRow.objects.filter(channel=channel, is_drill=self._is_drill, minute=minute)
            ours.update(n=F("n") - n)

    def _spent(self, channel: str, at: datetime) -> dict[datetime, int]:
        rows = AttemptsRow.objects.filter(channel=channel, is_drill=self._is_drill, minute__gt=at - notify.LONGEST)
        found = dict(rows.values_list("minute", "n"))
        if not found and channel not in self._known:
            # Nobody counted yet: the limit is new. What the ledgers attempted before stands in their receipts.
            attempts = ReceiptRow.objects.filter(state="attempting", at__gt=at - notify.LONGEST, sending__channel=channel)
            of_minute = attempts.filter(sending__incident__is_drill=self._is_drill).annotate(minute=TruncMinute("at"))
            found = dict(of_minute.values("minute").annotate(n=Count("id")).order_by().values_list("minute", "n"))
            for minute, n in sorted(found.items()):
                _add(channel, self._is_drill, minute, n)
        self._known.add(channel)
        return found


def forget(*, now: datetime) -> None:
    """Drops what counts against nothing any more."""
    AttemptsRow.objects.filter(minute__lt=now - KEPT_FOR).delete()


def _add(channel: str, is_drill: bool, minute: datetime, n: int) -> None:
    if n:
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into notify_attemptsrow as a (channel, is_drill, minute, n) values (%s, %s, %s, %s) "
                "on conflict (channel, is_drill, minute) do update set n = a.n + excluded.n",
                [channel, is_drill, minute, n],
            )
