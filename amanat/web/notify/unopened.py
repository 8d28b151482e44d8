"""A message in a portal that nobody opened for days: the next channel takes its turn, as after a failure. Placed is not read.

Who is on a list of ours is owed the notice itself (GDPR Art 34(1): "communicate … to the data subject"). Whatever opened it counts: the
message there, or the person's page opened with the code of any message. The message stays in the portal.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from procrastinate.contrib.django import app

from amanat.lib.errors import Fixable
from amanat.web.notify.actions import ring
from amanat.web.notify.models import ApprovalRow, ReceiptRow, SendingRow
from amanat.web.notify.own_page import PORTAL
from amanat.web.notify.queries import OPEN, REACHED, company_of
from amanat.web.respond import journal

AT_ONCE = 5000  # of one approval in one hour's look


@app.periodic(cron="23 * * * *")
@app.task(name="follow_unopened", queue="sweep", queueing_lock="follow_unopened")
def follow_unopened(timestamp: int) -> None:
    """Looks once an hour."""
    follow(now=timezone.now())


def follow(*, now: datetime) -> int:
    """Lets the next channel begin for whom it is time; returns for how many messages."""
    n_all = 0
    waiting = SendingRow.objects.filter(channel=PORTAL, state="accepted").values("approval")
    for approval in ApprovalRow.objects.filter(pk__in=waiting, voided_at=None, stopped_at=None).select_related("incident"):
        try:
            days = company_of(approval.incident).unopened_days
        except (Fixable, OSError):
            continue  # its folder was moved: the others still count
        n_all += _follow(approval, days, now=now) if days else 0
    return n_all


@transaction.atomic
def _follow(approval: ApprovalRow, days: int, *, now: datetime) -> int:
    rows = SendingRow.objects.filter(approval=approval)
    of_person = rows.filter(person=OuterRef("person"))
    # Told in another way, or being told: then nothing more is owed.
    otherwise = of_person.filter(state__in=(*REACHED, *OPEN, "unsure")).exclude(pk=OuterRef("pk"))
    later = of_person.filter(turn__gt=OuterRef("turn"), state="idle")
    unopened = rows.filter(channel=PORTAL, state="accepted", changed_at__lte=now - timedelta(days=days), notice__withdrawn_at=None)
    due = unopened.filter(~Exists(otherwise), Exists(later)).select_for_update(of=("self",), skip_locked=True).order_by("pk")[:AT_ONCE]
    further = []
    for row in due:
        one = rows.select_for_update(of=("self",)).filter(person=row.person_id, turn__gt=row.turn, state="idle").order_by("turn").first()
        if one is not None:
            further.append(one.pk)
    if further:
        SendingRow.objects.filter(pk__in=further).update(state="queued", changed_at=now)
        says = f"the message in the portal was not opened for {days} days"
        ReceiptRow.objects.bulk_create([ReceiptRow(sending_id=pk, state="queued", at=now, answer=says) for pk in further], batch_size=1000)
        what = {"approval": str(approval.pk), "n": len(further), "days": days}
        journal.write(approval.incident, act="portal.unopened", at=now, what=what)
        ring(approval)
    return len(further)
