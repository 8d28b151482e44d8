"""Changes to what the public reads: an update is written, then published by somebody else; a fake is reported."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from amanat.web import crypto
from amanat.web.accounts.models import Staff
from amanat.web.public.models import CAME_BY, FakeReport, StatusUpdate
from amanat.web.public.static_file import write_files
from amanat.web.respond import journal
from amanat.web.respond.models import Incident

TEXT_MAX = 5000


class NotNow(Exception):
    """An update that may not be published as things stand; the first argument says why as a code: "gone" or "same"."""


@transaction.atomic
def write_update(incident: Incident, *, words: Mapping[str, Mapping[str, str]], next_at: datetime | None, by: Staff, now: datetime) -> StatusUpdate:
    """A draft; it takes the place of an earlier one that nobody published."""
    StatusUpdate.objects.filter(incident=incident, published_at=None).delete()
    row = StatusUpdate.objects.create(
        incident=incident, words={name: dict(said) for name, said in words.items()}, next_at=next_at, author=by, authored_at=now
    )
    journal.write(incident, act="update.written", at=now, by=by, what={"update": str(row.pk)})
    return row


@transaction.atomic
def publish(incident: Incident, update_id: UUID, *, by: Staff, now: datetime) -> StatusUpdate:
    """Puts the draft on the status page, and writes the page as files that need no server. Raises NotNow."""
    row = StatusUpdate.objects.select_for_update().filter(incident=incident, pk=update_id, published_at=None).first()
    if row is None:
        raise NotNow("gone")
    if row.author_id == by.pk:
        raise NotNow("same")
    row.publisher, row.published_at = by, now
    row.save(update_fields=["publisher", "published_at"])
    what = {"update": str(row.pk)} | ({"next_at": row.next_at.isoformat()} if row.next_at else {})
    journal.write(incident, act="update.published", at=now, by=by, what=what)
    transaction.on_commit(write_files)
    return row


@transaction.atomic
def report_fake(*, came_by: str, text: str, now: datetime) -> FakeReport:
    """Keeps a report, and notes it in the journal of the incident that we told the public about last."""
    assert came_by in CAME_BY
    last = StatusUpdate.objects.exclude(published_at=None).exclude(incident__phase="closed").order_by("-published_at").first()
    incident = last.incident if last else _last_told()
    secret = crypto.encrypt_text(text[:TEXT_MAX], purpose="fake report").encode()
    row = FakeReport.objects.create(incident=incident, at=now, came_by=came_by, secret=secret)
    if incident:
        journal.write(incident, act="fake.reported", at=now, what={"report": str(row.pk), "came_by": came_by})
    return row


def text_of(report: FakeReport) -> str:
    """The message as it was pasted."""
    return crypto.decrypt_text(bytes(report.secret).decode(), purpose="fake report")


@transaction.atomic
def look_at(incident: Incident, report_id: UUID, *, by: Staff, now: datetime) -> None:
    """Notes that somebody has read a report."""
    if FakeReport.objects.filter(incident=incident, pk=report_id, looked_at=None).update(looked_at=now):
        journal.write(incident, act="fake.looked_at", at=now, by=by, what={"report": str(report_id)})


def _last_told() -> Incident | None:
    from amanat.web.notify.models import ApprovalRow

    last = ApprovalRow.objects.exclude(approved_at=None).exclude(incident__phase="closed").order_by("-approved_at").first()
    return last.incident if last else None
