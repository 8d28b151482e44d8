"""Changes to notices: new texts make new versions, and void what was approved for the old ones."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from amanat.terms.notice import Notice
from amanat.web.accounts.models import Staff
from amanat.web.notify.models import ApprovalRow, NoticeRow
from amanat.web.respond import journal
from amanat.web.respond.models import Incident


@transaction.atomic
def take_in(incident: Incident, *, notices: Iterable[Notice], findings: Mapping[str, list[dict[str, Any]]], by: Staff | None, now: datetime) -> int:
    """Keeps each notice whose words changed as a new version; returns how many changed."""
    n_changed = 0
    for notice in notices:
        newest = NoticeRow.objects.filter(incident=incident, notice_id=notice.id).order_by("-version").first()
        if newest and newest.content_hash == notice.content_hash:
            NoticeRow.objects.filter(pk=newest.pk).update(findings=findings.get(notice.id, []))
            continue
        NoticeRow.objects.create(
            incident=incident,
            notice_id=notice.id,
            letter_group=notice.letter_group,
            language=notice.language,
            audience=notice.audience,
            content=notice.as_dict(),
            findings=findings.get(notice.id, []),
            content_hash=notice.content_hash,
            version=newest.version + 1 if newest else 1,
            author=by,
            at=now,
        )
        n_changed += 1
    if n_changed:
        void_approvals(incident, why="a notice changed", now=now)
    return n_changed


def void_approvals(incident: Incident, *, why: str, now: datetime) -> None:
    """Ends every approval that stands; nothing more is sent on its word."""
    for approval in ApprovalRow.objects.filter(incident=incident, voided_at=None):
        ApprovalRow.objects.filter(pk=approval.pk).update(voided_at=now, void_why=why)
        journal.write(incident, act="approval.voided", at=now, what={"approval": str(approval.pk)}, why=why)
