"""Writing a sentence otherwise: a new version of its text with the gate's word on it, which voids what was signed."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from amanat import notify
from amanat.web.accounts.models import Staff
from amanat.web.notify import following, kept_edits
from amanat.web.notify.actions import NotNow, void_approvals, with_overruled
from amanat.web.notify.models import NoticeRow
from amanat.web.notify.versions import write_version
from amanat.web.respond import journal
from amanat.web.respond.models import Incident


@transaction.atomic
def write_otherwise(row: NoticeRow, edit: notify.Edit, *, by: Staff, now: datetime) -> NoticeRow:
    """The text with one sentence as a person wrote it. Raises notify.CannotEdit, NotNow("rewritten"), and the errors of facts and company."""
    incident = Incident.objects.select_for_update(no_key=True).get(pk=row.incident_id)
    newest = NoticeRow.objects.filter(incident=incident, notice_id=row.notice_id).latest("version")
    made, lapsed = notify.with_edits(notify.notice_from(newest.content), [notify.checked_edit(edit)])
    if lapsed or newest.withdrawn_at:
        raise NotNow("rewritten")
    says = with_overruled(newest, kept_edits.judged(incident, made, now=now))
    edits = _with(newest.edits, notify.checked_edit(edit), by=by, now=now)
    new = write_version(incident, made, after=newest, findings=says, edits=edits, by=by, now=now)
    journal.write(
        incident,
        act="notice.written_otherwise",
        at=now,
        by=by,
        what={"notice_id": new.notice_id, "version": new.version, "content_hash": new.content_hash, "where": edit.where},
    )
    if new.audience == "individuals":
        void_approvals(incident, why="a notice changed", now=now)
        following.keep(incident, by=by, now=now)
    return new


def _with(entries: list[dict[str, Any]], edit: notify.Edit, *, by: Staff, now: datetime) -> list[dict[str, Any]]:
    """The entries with one edit more, which joins an earlier one of the same sentence; those that lapsed stand beside."""
    standing = [one for one in entries if not one["is_lapsed"]]
    joined = notify.joined_edits(kept_edits.edits_of(standing), edit)
    whose = dict(zip(kept_edits.edits_of(standing), standing, strict=True))
    new = {"by": by.name, "by_id": str(by.pk), "at": now.isoformat(), "is_lapsed": False}
    return [whose.get(one) or asdict(one) | new for one in joined] + [one for one in entries if one["is_lapsed"]]
