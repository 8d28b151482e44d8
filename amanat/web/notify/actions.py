"""Changes to notices: new versions, two signatures, the ledger that follows from them, stop and withdrawal."""

import contextlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from amanat import notify
from amanat.terms.notice import Finding, Notice
from amanat.web.accounts.models import Staff
from amanat.web.notify import filling, following, kept_edits, pace
from amanat.web.notify.models import ApprovalRow, NoticeRow
from amanat.web.notify.overruling import findings_of
from amanat.web.notify.plans import Listed, Planned
from amanat.web.notify.queries import n_blocking, standing_approval
from amanat.web.notify.versions import write_version
from amanat.web.respond import journal
from amanat.web.respond.models import Incident


@transaction.atomic
def take_in(incident: Incident, *, notices: Iterable[Notice], findings: Mapping[str, list[dict[str, Any]]], by: Staff | None, now: datetime) -> int:
    """Keeps each notice whose words changed as a new version, with what staff wrote otherwise still in it; returns how many changed."""
    n_changed, are_letters = 0, False
    for notice in notices:
        newest = NoticeRow.objects.filter(incident=incident, notice_id=notice.id).order_by("-version").first()
        composed, (notice, edits) = notice, kept_edits.followed(newest, notice)
        is_edited = notice is not composed
        says = kept_edits.judged(incident, notice, now=now) if is_edited else findings.get(notice.id, [])
        if newest and newest.content_hash == notice.content_hash:
            NoticeRow.objects.filter(pk=newest.pk).update(findings=with_overruled(newest, says), edits=edits)
            continue
        says = with_overruled(newest, says) if newest else says
        # Whose words stand in it cannot approve it, also when amanat wrote the rest anew.
        author = newest.author if newest and is_edited else by
        write_version(incident, notice, after=newest, findings=says, edits=edits, by=author, now=now)
        n_changed += 1
        are_letters = are_letters or notice.audience == "individuals"
    if are_letters:
        void_approvals(incident, why="a notice changed", now=now)
        following.keep(incident, by=by, now=now)
    return n_changed


def with_overruled(before: NoticeRow, now: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the gate says now; what a person let stand at the same words stands on."""
    known = {f.name for f in fields(Finding)}
    found = notify.carried_over(findings_of(before), [Finding(**{k: v for k, v in one.items() if k in known}) for one in now])
    return [asdict(finding) for finding in found]


def void_approvals(incident: Incident, *, why: str, now: datetime) -> None:
    """Ends every approval that stands; nothing more is sent on its word."""
    for approval in ApprovalRow.objects.filter(incident=incident, voided_at=None):
        ApprovalRow.objects.filter(pk=approval.pk).update(voided_at=now, void_why=why)
        journal.write(incident, act="approval.voided", at=now, what={"approval": str(approval.pk)}, why=why)


class NotNow(Exception):
    """An approval that may not be given as things stand; the first argument is a code that the screen puts into words."""


def check_typed(typed: str, n: int) -> None:
    """The number of recipients, typed by hand in any digits and with any separators; raises NotNow."""
    digits = "".join(str(unicodedata.decimal(c)) for c in typed if unicodedata.decimal(c, None) is not None)
    if not digits or int(digits) != n or n == 0:
        raise NotNow("number")


@transaction.atomic
def sign(incident: Incident, *, now_planned: Listed, typed: str, by: Staff, now: datetime) -> ApprovalRow:
    """The author's half: these texts to this list. Raises NotNow."""
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    check_typed(typed, now_planned.n)
    before = standing_approval(incident)
    if before and now_planned.covers(before):
        raise NotNow("signed")
    void_approvals(incident, why="signed anew", now=now)
    row = ApprovalRow.objects.create(
        incident=incident,
        notices_hash=now_planned.notices_hash,
        recipients_hash=now_planned.recipients_hash,
        n_recipients=now_planned.n,
        author=by,
        authored_at=now,
    )
    journal.write(incident, act="notices.signed_by_author", at=now, by=by, what=_named(row) | {"n_blocking": n_blocking(now_planned.rows)})
    return row


@transaction.atomic
def countersign(incident: Incident, approval_id: UUID, *, now_planned: Listed, typed: str, by: Staff, now: datetime) -> ApprovalRow:
    """The other's half, after which sending begins: at once, or where the list is long when a worker has written it into the ledger.

    Raises NotNow; a change of text or list voids the author's half.
    """
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    row = standing_approval(incident)
    if row is None or row.pk != approval_id or row.approver is not None:
        raise NotNow("gone")
    wrote = {row.author_id, *(notice.author_id for notice in now_planned.rows)}
    if by.pk in wrote or str(by.pk) in {edit["by_id"] for notice in now_planned.rows for edit in notice.edits if not edit["is_lapsed"]}:
        raise NotNow("same")
    if not now_planned.covers(row):
        raise NotNow("changed")
    check_typed(typed, now_planned.n)
    row.approver, row.approved_at = by, now
    row.save(update_fields=["approver", "approved_at"])
    journal.write(incident, act="notices.approved", at=now, by=by, what=_named(row))
    if isinstance(now_planned, Planned):
        filling.fill(row, now_planned, now=now)
    ring(row)
    return row


@transaction.atomic
def stop(approval: ApprovalRow, *, by: Staff, now: datetime) -> None:
    """No further message leaves; those being handed over this moment end first."""
    if ApprovalRow.objects.filter(pk=approval.pk, stopped_at=None).update(stopped_at=now, stopped_by=by):
        journal.write(approval.incident, act="sending.stopped", at=now, by=by, what={"approval": str(approval.pk)})


@transaction.atomic
def go_on(approval: ApprovalRow, *, by: Staff, now: datetime) -> None:
    """Sends the rest of what was stopped, on the same approval."""
    if (
        ApprovalRow.objects.filter(pk=approval.pk, voided_at=None, approver__isnull=False)
        .exclude(stopped_at=None)
        .update(stopped_at=None, stopped_by=None, stop_why="")
    ):
        journal.write(approval.incident, act="sending.continued", at=now, by=by, what={"approval": str(approval.pk)})
        # What should have left meanwhile would otherwise leave in one gush.
        pace.schedule(approval, now=now)
        ring(approval)


@transaction.atomic
def withdraw(incident: Incident, notice_id: str, *, by: Staff, now: datetime) -> None:
    """From now on every code of this text is answered with "withdrawn"; nothing more of it is sent."""
    if NoticeRow.objects.filter(incident=incident, notice_id=notice_id, withdrawn_at=None).update(withdrawn_at=now):
        void_approvals(incident, why="a notice was withdrawn", now=now)
        journal.write(incident, act="notice.withdrawn", at=now, by=by, what={"notice_id": notice_id})


def ask_for_counts(incident: Incident) -> None:
    """Asks a worker to count the plan; who asks again while it waits changes nothing."""
    from procrastinate.contrib.django import app

    task = app.configure_task(name="count_plan", queue="sendings", queueing_lock=f"count-{incident.pk}")
    with contextlib.suppress(AlreadyEnqueued):
        task.defer(incident_id=str(incident.pk))


def ring(approval: ApprovalRow) -> None:
    """Tells the workers that there is something to send, once the transaction stands."""
    from procrastinate.contrib.django import app

    task = app.configure_task(name="send_notices", queue="sendings", queueing_lock=f"send-{approval.pk}")

    def defer() -> None:
        with contextlib.suppress(AlreadyEnqueued):
            task.defer(approval_id=str(approval.pk))

    transaction.on_commit(defer)


def _named(row: ApprovalRow) -> dict[str, Any]:
    return {"approval": str(row.pk), "notices_hash": row.notices_hash, "recipients_hash": row.recipients_hash, "n_recipients": row.n_recipients}
