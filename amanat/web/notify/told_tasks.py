"""Jobs that note what providers and mail servers told: who bounced gets the next channel."""

import logging
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from amanat import notify
from amanat.lib import settings as outside
from amanat.lib.errors import Fixable
from amanat.web.notify import told
from amanat.web.notify.actions import ring
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import ApprovalRow, OutletRow, ReportRow, SendingRow
from amanat.web.notify.queries import company_of
from amanat.web.respond import journal
from amanat.web.respond.models import Incident

log = logging.getLogger(__name__)
KEEP_FOR = timedelta(days=30)
PATIENCE = timedelta(days=1)  # with a sending that is being sent again while a report of its first copy waits
AT_ONCE = 5000


@app.periodic(cron="* * * * *")
@app.task(name="note_reports", queue="sweep", queueing_lock="note_reports")
def note_reports(timestamp: int) -> None:
    """Reads the bounces that came by mail, and notes all that was told."""
    now = timezone.now()
    try:
        if box := outside.get("AMANAT_BOUNCES"):
            _read(box, now=now)
    except Fixable as error:
        log.warning("bounces were not read: %s", error)  # what was told otherwise is noted all the same
    note(now=now)
    ReportRow.objects.filter(noted_at__lt=now - KEEP_FOR).delete()


def _read(box: str, *, now: datetime) -> None:
    if notify.is_imap(box):
        login = Path(outside.get("AMANAT_BOUNCES_LOGIN_FILE")).expanduser()
        told.take_mails_from_server(box, login, our_domains(), now=now)
    else:
        told.take_mails(Path(box).expanduser(), our_domains(), now=now)


def our_domains() -> set[str]:
    """In which the Message-IDs end of what was sent so far, to persons or to readers of the bulletin."""
    found: set[str] = set()
    spoke = ApprovalRow.objects.exclude(approver=None).values("incident").union(OutletRow.objects.values("incident"))
    for incident in Incident.objects.filter(pk__in=spoke):
        try:
            company = company_of(incident)
        except Fixable:
            continue  # its folder was moved: the others still count
        found |= notify.bounce_domains(company.sender, company.domains, company.bounces)
    return found


def note(*, now: datetime) -> Counter[str]:
    """Notes what was told about each sending in the ledger; returns how many became what."""
    waiting = list(ReportRow.objects.filter(noted_at=None).order_by("at", "id")[:AT_ONCE])
    approvals = dict(SendingRow.objects.filter(pk__in={UUID(r.sending_id) for r in waiting}).values_list("pk", "approval"))
    became: Counter[str] = Counter()
    for approval in ApprovalRow.objects.select_related("incident").filter(pk__in=set(approvals.values())):
        mine = [r for r in waiting if approvals.get(UUID(r.sending_id)) == approval.pk]
        counts: Counter[str] = Counter()
        with PostgresLedger(approval) as ledger:
            for report in mine:
                # A complaint says that it arrived. What the law requires is kept from nobody because of it.
                state = "delivered" if report.state == "complained" else report.state
                said = ledger.note(report.sending_id, state, at=now, answer=report.says)
                if said == "too_early" and report.at > now - PATIENCE:
                    continue
                _close(report, said, now)
                became[said] += 1
                counts[state] += said == "noted"
        if +counts:
            journal.write(approval.incident, act="reports.noted", at=now, what={"approval": str(approval.pk), **+counts})
        if counts["bounced"] and approval.voided_at is None and approval.stopped_at is None:
            ring(approval)
    for report in waiting:
        if UUID(report.sending_id) not in approvals:
            _close(report, "unknown", now)
            became["unknown"] += 1
    return became


def _close(report: ReportRow, became: str, now: datetime) -> None:
    ReportRow.objects.filter(pk=report.pk).update(noted_at=now, became=became)
