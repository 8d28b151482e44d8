"""The job that sends. The ledger's rows are the truth: a job only says that somebody should look."""

import contextlib
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.terms.notice import Notice
from amanat.web.notify import filling, own_page, pace, plans, queries, quota
from amanat.web.notify.actions import ring, void_approvals
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import ApprovalRow, SenderRow, SendingRow
from amanat.web.notify.stopping import once_a_second
from amanat.web.notify.way_out import refuse_to_leave, way_out
from amanat.web.respond import journal, signing
from amanat.web.respond.models import Incident, KeysErased
from amanat.web.scope.models import AffectedPerson
from amanat.web.scope.people import reveal_many

SENDERS_MOST = 8  # workers at one approval, on however many machines
SENDINGS_PER_SENDER = 2_000  # fewer are not worth another one
N_PARALLEL = 8  # connections of one worker; their outcomes share a commit
SENT_TO = ("id", "secret", "basis", "residence", "language", "minor")  # columns of a person that a message is made of
CHANGED = "texts or recipients changed after the approval"
ALONE = ("letter",)  # channels that bear one worker at a time: a folder has one manifest


@app.task(name="send_notices", queue="sendings", pass_context=True)
def send_notices(_context: JobContext | None, approval_id: str) -> None:
    """Sends what an approval allows, until nothing is left or somebody stops it; a ledger that does not hold it yet is filled first."""
    approval = claim(UUID(approval_id))
    if approval is None:
        return  # done, stopped, void, or enough others are at it
    call_more(approval)
    try:
        why = send(approval)
    except KeysErased:
        why = "the persons of this incident were erased; nobody can be written to any more"
    except Fixable as error:
        why = str(error)
    except BaseException as error:
        _end(
            approval,
            why=f"An error of the program ({type(error).__name__}). Let it go on; if it happens again, show this line to whoever runs amanat.",
        )
        raise
    _end(approval, why=why)


@app.periodic(cron="* * * * *")
@app.task(name="sweep_sendings", queue="sweep", queueing_lock="sweep_sendings")
def sweep_sendings(timestamp: int) -> None:
    """Gives sendings that nobody works on a new chance, and those that wait for the desk an earlier moment where a deadline moved up."""
    pace.hold_deadlines(now=timezone.now())
    quota.forget(now=timezone.now())
    ring_for_unsent()


@app.task(name="count_plan", queue="sendings")
def count_plan(incident_id: str) -> None:
    """Counts who would get what, for a list that is too long to be counted while a page waits."""
    incident = Incident.objects.get(pk=UUID(incident_id))
    with contextlib.suppress(KeysErased):
        plans.counts_of(incident, now=timezone.now(), is_patient=True)


def ring_for_unsent() -> int:
    """A job for every approval whose ledger is to be filled or still has queued sendings, and whose worker is silent; returns how many."""
    waiting = Q(filled_at=None) | Q(pk__in=SendingRow.objects.filter(state__in=queries.OPEN).values("approval"))
    at_work = SenderRow.objects.filter(alive_at__gte=Now() - queries.SILENT_FOR).values("approval")
    found = list(_ours().filter(waiting).exclude(pk__in=at_work))
    for approval in found:
        ring(approval)
    return len(found)


@transaction.atomic
def claim(approval_id: UUID) -> ApprovalRow | None:
    """The approval with our place among its senders, if it is whole, standing, and bears one more."""
    approval = _ours().select_for_update(of=("self",)).select_related("incident").filter(pk=approval_id).first()
    if approval is None:
        return None
    _senders(approval).filter(alive_at__lt=Now() - queries.SILENT_FOR).delete()
    if _senders(approval).count() >= _most_senders(approval):
        return None
    is_first = not _senders(approval).filter(is_first=True).exists()
    approval.sender = SenderRow.objects.create(approval=approval, alive_at=timezone.now(), is_first=is_first)  # type: ignore[attr-defined]
    ApprovalRow.objects.filter(pk=approval.pk).update(alive_at=Now())
    return approval


def call_more(approval: ApprovalRow) -> None:
    """Calls one more worker, which calls the next, while there is more to send than the present ones should do alone."""
    if _senders(approval).count() < _most_senders(approval):
        ring(approval)


def _senders(approval: ApprovalRow) -> QuerySet[SenderRow]:
    return SenderRow.objects.filter(approval=approval)


def _most_senders(approval: ApprovalRow) -> int:
    n_open = SendingRow.objects.filter(approval=approval, state__in=queries.OPEN).count()
    return min(SENDERS_MOST, 1 + n_open // SENDINGS_PER_SENDER)


def prepare(approval: ApprovalRow) -> plans.Planned | None:
    """The list, made anew; None where it is not the one that was approved. A ledger that does not hold it yet is filled.

    Raises Ended when somebody stops it meanwhile; then the ledger holds nothing of it.
    """
    incident, sender = approval.incident, getattr(approval, "sender", None)
    n_persons = plans.persons_owed(incident).count()
    with filling.Watch(approval, sender) as watch:
        planned = plans.planned(incident, reached=lambda n: watch.reached("list", n, n_persons))
        if not planned.covers(approval):
            return None
        if approval.filled_at is None:
            n_rows = planned.n + planned.plan.further.num_rows
            filling.fill(approval, planned, now=timezone.now(), reached=lambda n: watch.reached("ledger", n, n_rows))
            call_more(approval)
    return planned


def send(approval: ApprovalRow) -> str:
    """Sends; returns why it stopped, or nothing when it came to its end."""
    incident = approval.incident
    try:
        planned = prepare(approval)
    except filling.Ended:
        return ""
    if planned is None:
        void_approvals(incident, why=CHANGED, now=timezone.now())
        return CHANGED
    company = queries.company_of(incident)
    today = timezone.localdate()
    names = sorted(set(SendingRow.objects.filter(approval=approval).values_list("channel", flat=True)))
    with contextlib.ExitStack() as stack:
        opening = notify.Opening(
            company=company,
            **way_out(),
            texts=notify.texts_of(planned.notices, company, on=today),
            letters=stack.enter_context(notify.letters_of(company, on=today)),
            folder=settings.DATA / "cases" / str(incident.pk) / "letters",
            n_parallel=N_PARALLEL,
            place=lambda _message, _text: ledger.do(own_page.why_closed, incident.pk),
        )
        channels = {}
        sender: SenderRow | None = getattr(approval, "sender", None)
        for name in names:
            if name in ALONE and sender is not None and not sender.is_first:
                continue
            channels[name] = stack.enter_context(contextlib.closing(notify.open_channel(name, opening)))
            refuse_to_leave(channels[name], is_drill=incident.is_drill)
        stamp = notify.stamper(signing.signer(now=timezone.now()), planned.notices, company, on=today)
        notices, told = {n.id: n for n in planned.notices}, notify.told_with(planned.plan.together)
        shared = notify.shared_envelopes(planned.plan.envelopes)
        retry = notify.Retry(hold_unsure=approval.holds_unsure)
        ledger = stack.enter_context(PostgresLedger(approval, retry=retry, limits=notify.limits_of(company)))
        ledger.resume(at=timezone.now())
        deadline = pace.deadline_of(incident)
        brake = notify.Brake(
            company,
            due={notice.id: deadline for notice in planned.notices if deadline} | pace.dues_of(incident, planned.notices),
            is_at_once=notify.at_once,
            share=lambda: 1 / max(1, ledger.n_senders),
        )
        ended = notify.work(
            ledger,
            channels,
            messages=lambda claimed: ledger.do(_messages, incident.pk, notices, told, shared, stamp, claimed),
            now=timezone.now,
            stop=_stopper(approval, ledger),
            n_total=planned.n,
            brake=brake,
        )
    return ended.because if ended.is_stopped else ""


def _ours() -> QuerySet[ApprovalRow]:
    return ApprovalRow.objects.filter(voided_at=None, stopped_at=None, approver__isnull=False)


def _messages(
    incident_id: UUID,
    notices: Mapping[str, Notice],
    told: Mapping[str, Sequence[str]],
    shared: Mapping[str, tuple[str, int]],
    stamp: Callable[[str, str], str],
    claimed: Sequence[notify.Sending],
) -> list[notify.Message]:
    """What is sent for these sendings; contacts are decrypted for this batch alone.

    Args:
        told: by person, the other records of the same person that their message tells, too.
        shared: by sending, the envelope that a letter shares with others of the household, and how many letters it holds.
    """
    records = {s.person_id: [s.person_id, *told.get(s.person_id, ())] for s in claimed}  # of each, all that the message tells
    asked = [one for some in records.values() for one in some]
    rows = AffectedPerson.objects.filter(incident=incident_id, pk__in=asked).values_list(*SENT_TO, named=True)
    people = {str(row.id): row for row in rows}
    incident = Incident.objects.get(pk=incident_id)  # anew for each batch: keys that were erased open nothing more
    secrets = dict(zip(people, (secret for _, secret in reveal_many(incident, people.values())), strict=True))
    key = queries.code_key()
    codes = [notify.code_for(key, s.sending_id) for s in claimed]
    return [
        notify.Message(
            sending_id=s.sending_id,
            notice=notices[s.notice_id],
            contact=plans.contact_of(people[s.person_id], secrets[s.person_id]),
            kinds=frozenset(kind for one in records[s.person_id] for kind in secrets[one]["kinds"]),
            basis=notify.surest(people[one].basis for one in records[s.person_id]),
            code=code,
            stamp=stamp(code, s.notice_id),
            envelope=shared.get(s.sending_id, ("", 1))[0],
            n_in_envelope=shared.get(s.sending_id, ("", 1))[1],
        )
        for s, code in zip(claimed, codes, strict=True)
    ]


def _stopper(approval: ApprovalRow, ledger: PostgresLedger) -> Callable[[], bool]:
    """Whether somebody stopped or voided it; looking also says that we are alive."""
    sender: SenderRow | None = getattr(approval, "sender", None)

    def asked() -> bool:
        if sender is not None:
            SenderRow.objects.filter(pk=sender.pk).update(alive_at=Now())
            ledger.n_senders = _senders(approval).filter(alive_at__gte=Now() - queries.SILENT_FOR).count()
        standing = ApprovalRow.objects.filter(pk=approval.pk, voided_at=None, stopped_at=None)
        for holds_unsure in standing.values_list("holds_unsure", flat=True):
            ledger.follow(hold_unsure=holds_unsure)
        return not standing.update(alive_at=Now())

    def look() -> bool:
        ledger.resume(at=timezone.now())  # of senders that died meanwhile
        return bool(ledger.do(asked))

    return once_a_second(look)


@transaction.atomic
def _end(approval: ApprovalRow, *, why: str) -> None:
    """Notes that we send no more; what stopped by itself waits for a person, so that it is not tried in circles."""
    now = timezone.now()
    row = ApprovalRow.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    sender: SenderRow | None = getattr(approval, "sender", None)
    if sender is not None:
        SenderRow.objects.filter(pk=sender.pk).delete()
    if why and row.stopped_at is None and row.voided_at is None:
        ApprovalRow.objects.filter(pk=approval.pk).update(stopped_at=now, stop_why=why[:300])
    if _senders(row).exists():
        return  # the last of us writes the line
    ApprovalRow.objects.filter(pk=approval.pk).update(alive_at=None, prepared={})
    course = queries.course(row, now=now)
    what = {"approval": str(row.pk), "reached": course.n_reached, "open": course.n_open, "failed": course.n_failed}
    is_at_end = not course.n_open and not course.is_preparing
    journal.write(approval.incident, act="sending.ended" if is_at_end else "sending.paused", at=now, what=what, why=why[:300])


# Jobs of the proofs, and of what was told later, stand in files of their own; the queue looks for them here.
from amanat.web.notify import proof_tasks as proof_tasks  # noqa: E402
from amanat.web.notify import told_tasks as told_tasks  # noqa: E402
from amanat.web.notify import trials as trials  # noqa: E402
from amanat.web.notify import unopened as unopened  # noqa: E402
