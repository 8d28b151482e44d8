"""What mail servers and providers tell later about an issue: noted on its mail; who complains, or has no mailbox any more, leaves the list.

Only the bulletin's own list is touched. A notice that the law requires goes on to the same address: its ledger is another one.
"""

import re
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, UUIDField
from django.db.models.functions import Cast

from amanat.notify import MAY_BECOME, Noted, without_addresses
from amanat.web.bulletin import subscribing
from amanat.web.bulletin.models import Issue, IssueMail, Subscriber
from amanat.web.notify.models import ReportRow
from amanat.web.notify.queries import OPEN as OPEN
from amanat.web.respond import journal

ARRIVED = ("accepted", "delivered", "unsure")  # as far as we know
MAY = {**MAY_BECOME, "complained": MAY_BECOME["bounced"]}
# RFC 3463 and 7505: no such mailbox or domain, moved away, takes no mail, switched off.
GONE = re.compile(r"\b5\.(?:1\.(?:1|2|3|6|10)|2\.1)\b")
AGAINST_US = re.compile(r"\b5\.7\.\d")  # a receiver's rules about senders say nothing about the reader
FAILED_MOST = 3  # issues one after another: a mailbox that is full for months is read by nobody
PATIENCE = timedelta(days=1)  # with a report that came before the answer to its mail
AT_ONCE = 5000


def note(*, now: datetime) -> Counter[str]:
    """Notes what was told about mails of issues; returns how many became what. Notices were asked first: what is about none of them may be ours."""
    mails = IssueMail.objects.filter(pk=Cast(OuterRef("sending_id"), UUIDField()))
    told = ReportRow.objects.filter(Exists(mails), became="unknown", noted_at__gt=now - PATIENCE).order_by("at", "id")[:AT_ONCE]
    became: Counter[str] = Counter()
    counts: dict[UUID, Counter[str]] = {}
    for report in told:
        mail = IssueMail.objects.get(pk=UUID(report.sending_id))
        said = note_mail(mail.pk, report.state, at=now, answer=report.says)
        if said == "too_early":
            continue
        ReportRow.objects.filter(pk=report.pk).update(noted_at=now, became=said)
        became[said] += 1
        if said == "noted":
            mine = counts.setdefault(mail.issue_id, Counter())
            mine[report.state] += 1
            mine["taken_off"] += Subscriber.objects.filter(pk=mail.subscriber_id, left_at=now).count()
    for issue in Issue.objects.filter(pk__in=counts).select_related("outlet__incident"):
        what = {"statement": str(issue.outlet.statement_id), **+counts[issue.pk]}
        journal.write(issue.outlet.incident, act="bulletin.noted", at=now, what=what)
    return became


@transaction.atomic
def note_mail(mail: UUID, state: str, *, at: datetime, answer: str) -> Noted:
    """Notes what became known later of one mail, and takes its reader off the list where that follows."""
    row = IssueMail.objects.select_for_update(of=("self",)).filter(pk=mail).first()
    if row is None:
        return "unknown"
    if row.state not in MAY[state]:
        return "too_early" if row.state in OPEN else "known"
    row.state, row.answer, row.changed_at = state, without_addresses(answer)[:300], at
    row.save(update_fields=["state", "answer", "changed_at"])
    follow(row, at=at)
    return "noted"


def follow(mail: IssueMail, *, at: datetime) -> None:
    """Takes the reader of this mail off the list: at once after a complaint or when the mailbox is gone, otherwise after several failures."""
    if mail.subscriber_id is None:
        return
    is_gone = mail.state == "bounced" and GONE.search(mail.answer)
    if mail.state == "complained" or is_gone or _fails_on_and_on(mail.subscriber_id):
        subscribing.take_off(mail.subscriber_id, now=at)


def _fails_on_and_on(reader: UUID) -> bool:
    tried = IssueMail.objects.filter(subscriber=reader).exclude(state__in=(*OPEN, "left")).order_by("-issue__begun_at")[:FAILED_MOST]
    failed = [mail for mail in tried if _has_failed(mail)]
    return len(failed) == FAILED_MOST


def _has_failed(mail: IssueMail) -> bool:
    # What the relay itself refused may be the fault of ours; it counts only where it names the mailbox.
    return bool(GONE.search(mail.answer)) if mail.state == "refused" else mail.state == "bounced" and not AGAINST_US.search(mail.answer)


def note_who_left(*, now: datetime) -> int:
    """Counts whoever pressed the button at the last issue that they got, before their row is forgotten; returns how many."""
    later = IssueMail.objects.filter(subscriber=OuterRef("subscriber"), issue__begun_at__gt=OuterRef("issue__begun_at")).exclude(
        state__in=(*OPEN, "left")
    )
    left = IssueMail.objects.filter(~Exists(later), Q(state__in=ARRIVED), reader_left_at=None, subscriber__left_at__isnull=False)
    pks = list(left.values_list("pk", "subscriber__left_at"))
    for pk, left_at in pks:
        IssueMail.objects.filter(pk=pk).update(reader_left_at=left_at)
    return len(pks)
