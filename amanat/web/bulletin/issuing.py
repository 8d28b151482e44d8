"""Sends an issue: begins what two people released, mails it to every reader who is still one, and notes how it ended."""

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from amanat import notify, wording
from amanat.terms.company import Company
from amanat.terms.notice import Notice
from amanat.web.bulletin.heard import OPEN
from amanat.web.bulletin.ledger import IssueLedger
from amanat.web.bulletin.mails import contact_of, leave_url
from amanat.web.bulletin.models import Issue, IssueMail, Subscriber
from amanat.web.bulletin.queries import OUTLET, companies
from amanat.web.notify.models import OutletRow
from amanat.web.notify.queries import company_of
from amanat.web.notify.stopping import once_a_second
from amanat.web.notify.way_out import refuse_to_leave, way_out
from amanat.web.respond import journal, signing

SILENT_FOR = timedelta(minutes=2)  # then whoever was sending is gone
REST = timedelta(hours=1)  # of an issue that stopped by itself: what is wrong with us is not mended in a minute
N_PARALLEL = 2
AT_ONCE = 5000


def released() -> QuerySet[OutletRow]:
    """Bulletins on which two people put their names, not withdrawn, of which nothing was sent yet."""
    rows = OutletRow.objects.filter(outlet=OUTLET, withdrawn_at=None, statement__approver__isnull=False)
    return rows.exclude(pk__in=Issue.objects.values("outlet")).select_related("incident").order_by("released_at")


@transaction.atomic
def begin(outlet: OutletRow, *, now: datetime) -> Issue:
    """The list of this issue: everyone who is a confirmed reader now, each once. To begin it again changes nothing."""
    OutletRow.objects.select_for_update(no_key=True).get(pk=outlet.pk)
    before = Issue.objects.filter(outlet=outlet).first()
    if before is not None:
        return before
    company = company_of(outlet.incident).name
    readers = Subscriber.objects.filter(company=company, confirmed_at__isnull=False, left_at=None)
    if outlet.incident.is_drill and any(name == company and not one.is_drill for name, one in companies().items()):
        readers = readers.none()  # they are real people, and the mails of a relay on this machine may go on into the world
    issue = Issue.objects.create(outlet=outlet, begun_at=now, n=0)
    for pks in _batches(list(readers.values_list("pk", flat=True))):
        IssueMail.objects.bulk_create(IssueMail(issue=issue, subscriber_id=pk, changed_at=now) for pk in pks)
    issue.n = IssueMail.objects.filter(issue=issue).count()
    issue.save(update_fields=["n"])
    journal.write(outlet.incident, act="bulletin.begun", at=now, what={"statement": str(outlet.statement_id), "n": issue.n})
    return issue


def unfinished(*, now: datetime) -> QuerySet[Issue]:
    """Issues that nobody sends at the moment, that nobody stopped, and that have not ended."""
    silent = Q(alive_at=None) | Q(alive_at__lt=now - SILENT_FOR)
    # What was stopped and then withdrawn is looked at once more, to end it.
    goes = Q(stopped_at=None) | Q(outlet__withdrawn_at__isnull=False)
    return Issue.objects.filter(silent, goes, Q(not_before=None) | Q(not_before__lte=now), ended_at=None).order_by("begun_at")


@transaction.atomic
def claim(issue_id: UUID, *, now: datetime) -> Issue | None:
    """The issue, if nobody else sends it; from now on we do."""
    # Held first: whoever comes second looks again when the first is through, and finds it taken.
    list(Issue.objects.select_for_update(no_key=True).filter(pk=issue_id))
    if not unfinished(now=now).filter(pk=issue_id).update(alive_at=now):
        return None
    return Issue.objects.select_related("outlet__incident", "outlet__statement").get(pk=issue_id)


def send(issue: Issue) -> str:
    """Sends what is open; returns why it stopped, or nothing when every reader was looked after. Raises Fixable errors of the set-up."""
    incident, company, today = issue.outlet.incident, company_of(issue.outlet.incident), timezone.localdate()
    notices = notify.notices_for(notify.outlet_named(OUTLET), [notify.notice_from(body) for body in issue.outlet.statement.notices])
    opening = notify.Opening(
        company=company,
        **way_out(),
        texts=notify.texts_of(notices, company, on=today),
        n_parallel=N_PARALLEL,
    )
    stamp = notify.stamper(signing.signer(now=timezone.now()), notices, company, on=today)
    with contextlib.closing(notify.open_channel("email", opening)) as channel, IssueLedger(issue) as ledger:
        refuse_to_leave(channel, is_drill=incident.is_drill)
        ended = notify.work(
            ledger,
            {"email": channel},
            messages=lambda claimed: ledger.do(_messages, issue, notices, company, claimed, stamp),
            now=timezone.now,
            stop=_stopper(issue, ledger),
            n_total=issue.n,
            brake=notify.Brake(company),
        )
    return ended.because if ended.is_stopped else ""


@transaction.atomic
def end(issue: Issue, *, why: str, now: datetime) -> None:
    """Notes how it ended. A withdrawn issue ends; what stopped for another reason is tried on after a while."""
    row = Issue.objects.select_for_update(of=("self",)).select_related("outlet__incident").get(pk=issue.pk)
    n_open = IssueMail.objects.filter(issue=row, state__in=OPEN).count()
    is_withdrawn = row.outlet.withdrawn_at is not None
    if row.stopped_at is not None:
        why = ""  # a person's word, which they take back themselves
    row.alive_at, row.why, row.not_before = None, why[:300], now + REST if why else None
    if not n_open or is_withdrawn:
        row.ended_at = now
        n_sent = IssueMail.objects.filter(issue=row, state__in=("accepted", "delivered")).count()
        what = {"statement": str(row.outlet.statement_id), "n": row.n, "sent": n_sent, "open": n_open}
        journal.write(row.outlet.incident, act="bulletin.ended", at=now, what=what, why=why[:300])
    row.save(update_fields=["alive_at", "why", "not_before", "ended_at"])


def _messages(
    issue: Issue, notices: Sequence[Notice], company: Company, claimed: Sequence[notify.Sending], stamp: Callable[[str, str], str]
) -> list[notify.Message]:
    """The mails of claimed rows; addresses are decrypted for this batch alone. Whoever left this moment gets none."""
    readers = {str(row.pk): row for row in Subscriber.objects.filter(pk__in=[one.person_id for one in claimed])}
    by_language = {notice.language: notice for notice in notices}
    made = []
    for one in claimed:
        reader = readers.get(one.person_id)
        if reader is None or reader.left_at is not None:
            continue  # what is not attempted is put back, and the next claim sees that they left
        tag = wording.language_for(reader.language, list(by_language), company.default_language)
        notice = by_language.get(tag) or notices[0]
        made.append(
            notify.Message(
                sending_id=one.sending_id,
                notice=notice,
                contact=contact_of(reader),
                kinds=frozenset(),
                basis="",
                code=issue.outlet.code,
                stamp=stamp(issue.outlet.code, notice.id),
                leave_url=leave_url(reader),
            )
        )
    return made


def _stopper(issue: Issue, ledger: IssueLedger) -> Callable[[], bool]:
    """Whether the issue was stopped or withdrawn; looking also says that we are alive."""

    def asked() -> bool:
        Issue.objects.filter(pk=issue.pk).update(alive_at=timezone.now())
        return not Issue.objects.filter(pk=issue.pk, stopped_at=None, outlet__withdrawn_at=None).exists()

    return once_a_second(lambda: bool(ledger.do(asked)))


def _batches(pks: list[UUID]) -> list[list[UUID]]:
    return [pks[at : at + AT_ONCE] for at in range(0, len(pks), AT_ONCE)]
