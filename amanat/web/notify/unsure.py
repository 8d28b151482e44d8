"""Messages of which nobody knows whether they arrived: what a person decides about them, and what happens to those that follow.

A message is unsure when the connection broke, or its sender died, after it was handed over and before the server answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMinute

from amanat.web.accounts.models import Staff
from amanat.web.notify.actions import ring
from amanat.web.notify.models import ApprovalRow, ReceiptRow, SendingRow
from amanat.web.respond import journal
from amanat.web.respond.models import Incident

VERDICTS = ("again", "told", "hold")
SAYS = {"again": "{who} decided: sent again", "told": "{who} decided: it was sent", "hold": "{who} decided: held"}
BECOMES = {"again": "queued", "told": "accepted", "hold": "unsure"}
MOST = 50  # batches and messages on one page
NAMED = 50  # so many are named one by one in the journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Messages of one channel that became unsure in the same minute, as when a worker died."""

    channel: str
    minute: datetime
    n: int


def waiting(incident: Incident, *, channel: str = "", minute: datetime | None = None) -> QuerySet[SendingRow]:
    """Those that wait for a decision, of one batch where it is named."""
    rows = SendingRow.objects.filter(incident=incident, state="unsure")
    if channel:
        rows = rows.filter(channel=channel)
    return rows.filter(changed_at__gte=minute, changed_at__lt=minute + timedelta(minutes=1)) if minute else rows


def batches(incident: Incident) -> list[Batch]:
    """The batches, the newest first."""
    found = waiting(incident).annotate(minute=TruncMinute("changed_at")).values("channel", "minute").annotate(n=Count("id"))
    return [Batch(**one) for one in found.order_by("-minute", "channel")[:MOST]]


def shown(rows: QuerySet[SendingRow]) -> list[dict[str, Any]]:
    """The first of them for the screen, each with the last words about it."""
    some = list(rows.select_related("notice", "approval").order_by("-changed_at", "pk")[:MOST])
    words = dict(ReceiptRow.objects.filter(sending__in=some, state="unsure").order_by("pk").values_list("sending_id", "answer"))
    return [{"row": row, "answer": words.get(row.pk, ""), "is_void": row.approval.voided_at is not None} for row in some]


@transaction.atomic
def settle(incident: Incident, rows: QuerySet[SendingRow], *, verdict: str, seen_at: datetime, why: str, by: Staff, now: datetime) -> tuple[int, int]:
    """Decides about those of the rows that were unsure when the person looked; gives how many, and how many could not be sent again.

    "again" needs an approval that stands: on a void one nothing leaves. The Message-ID stays, so that the receiver can drop a second copy.
    """
    assert verdict in VERDICTS and why.strip()
    found = rows.filter(incident=incident, state="unsure", changed_at__lte=seen_at)
    n_all = found.count()
    if verdict == "again":
        found = found.filter(approval__voided_at=None, approval__approver__isnull=False)
    locked = list(found.select_for_update(of=("self",)).order_by("pk").values_list("pk", "approval_id"))
    pks = [pk for pk, _approval in locked]
    if pks:
        changed: dict[str, Any] = {"state": BECOMES[verdict], "changed_at": now}
        if verdict == "again":
            changed |= {"n_breaks": 0, "next_attempt_at": None, "leased_by": ""}
        SendingRow.objects.filter(pk__in=pks).update(**changed)
        says = SAYS[verdict].format(who=by.name)[:300]
        ReceiptRow.objects.bulk_create([ReceiptRow(sending_id=pk, state=BECOMES[verdict], at=now, answer=says) for pk in pks], batch_size=5000)
        _note(incident, verdict, pks, why=why, by=by, now=now)
        if verdict == "again":
            for approval in ApprovalRow.objects.filter(pk__in={pk for _sending, pk in locked}, stopped_at=None):
                ring(approval)
    return len(pks), n_all - len(pks)


@transaction.atomic
def choose_policy(incident: Incident, approval: ApprovalRow, *, holds: bool, why: str, by: Staff, now: datetime) -> None:
    """What happens from now on to a message that becomes unsure: it waits for a person, or is sent again with the same Message-ID."""
    assert why.strip()
    ApprovalRow.objects.filter(pk=approval.pk).update(holds_unsure=holds)
    what = {"approval": str(approval.pk), "policy": "hold" if holds else "again"}
    journal.write(incident, act="unsure.policy", at=now, by=by, what=what, why=why.strip())


def _note(incident: Incident, verdict: str, pks: Sequence[UUID], *, why: str, by: Staff, now: datetime) -> None:
    what: dict[str, Any] = {"verdict": verdict, "n_sendings": len(pks)}
    if len(pks) <= NAMED:
        what["sendings"] = [pk.hex for pk in pks]
    journal.write(incident, act="unsure.settled", at=now, by=by, what=what, why=why.strip())
