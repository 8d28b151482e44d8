"""Changes to what the public reads: an update is written, then published by somebody else; a fake is reported."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F

from amanat.web import crypto
from amanat.web.accounts.models import Staff
from amanat.web.detect import actions as detection
from amanat.web.public.models import CAME_BY, FakeCount, FakeReport, StatusUpdate
from amanat.web.public.static_file import write_files
from amanat.web.respond import journal, promising
from amanat.web.respond.models import Incident

TEXT_MAX = 5000
KEPT_FOR = timedelta(days=90)  # a false message that nobody looked into by then tells nothing any more
KEPT_AN_HOUR = 200  # texts of one incident; whoever writes from many connections fills neither the disk nor the screen
REPORT = "public_fakereport.secret"


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
    # Whoever wrote the update stands for the moment that it promises.
    promising.wrote_again(incident, evidence=f"{settings.PUBLIC_URL}/en/#{row.pk}", next_at=row.next_at, owner=row.author, at=now)
    transaction.on_commit(write_files)
    return row


@transaction.atomic
def report_fake(*, came_by: str, text: str, now: datetime) -> FakeReport | None:
    """Keeps a report with the incident that we told the public about last; None when it was only counted, because very many came.

    Anybody may report, without a name. So the journal, which nobody can shorten, gets one line an hour (`note_fakes`), not one each.
    """
    assert came_by in CAME_BY
    incident = _last_told()
    hour = now.replace(minute=0, second=0, microsecond=0)
    if FakeReport.objects.filter(incident=incident, at__gte=hour).count() >= KEPT_AN_HOUR:
        _count(incident, hour, is_kept=False)
        return None
    row = FakeReport(incident=incident, at=now, came_by=came_by)
    if incident and incident.wrapped_keys is not None:
        row.secret = incident.keys().encrypt({"text": text[:TEXT_MAX]}, place=REPORT, row=row.pk)
    elif incident:
        row.secret = b""  # its persons were erased: nothing that names one is kept with it any more
    else:
        row.secret = crypto.encrypt_text(text[:TEXT_MAX], purpose="fake report").encode()
    row.save()
    _count(incident, hour, is_kept=True)
    return row


def _count(incident: Incident | None, hour: datetime, *, is_kept: bool) -> None:
    if incident is None:
        return
    FakeCount.objects.get_or_create(incident=incident, hour=hour, defaults={"n": 0, "n_kept": 0})
    FakeCount.objects.filter(incident=incident, hour=hour).update(n=F("n") + 1, n_kept=F("n_kept") + int(is_kept))


@transaction.atomic
def note_fakes(*, now: datetime) -> int:
    """One line in the journal for each hour that is over in which reports came; returns how many lines."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    over = list(FakeCount.objects.select_for_update(skip_locked=True).filter(hour__lt=hour).select_related("incident").order_by("hour"))
    for row in over:
        what = {"hour": row.hour.isoformat(), "n": row.n, "n_kept": row.n_kept}
        journal.write(row.incident, act="fake.reported", at=now, what=what)
        row.delete()
    return len(over)


def delete_due(*, now: datetime) -> int:
    """Deletes reports that came longer ago than KEPT_FOR; returns how many."""
    return FakeReport.objects.filter(at__lt=now - KEPT_FOR).delete()[0]


def text_of(report: FakeReport) -> str:
    """The message as it was pasted; nothing once the persons of its incident were erased."""
    sealed = bytes(report.secret)
    if report.incident is None:
        return crypto.decrypt_text(sealed.decode(), purpose="fake report")
    if not sealed or report.incident.wrapped_keys is None:
        return ""
    return str(report.incident.keys().decrypt(sealed, place=REPORT, row=report.pk)["text"])


@transaction.atomic
def look_at(incident: Incident, report_id: UUID, *, by: Staff, now: datetime) -> None:
    """Notes that somebody has read a report."""
    if FakeReport.objects.filter(incident=incident, pk=report_id, looked_at=None).update(looked_at=now):
        journal.write(incident, act="fake.looked_at", at=now, by=by, what={"report": str(report_id)})


@transaction.atomic
def hand_to_detection(incident: Incident, report_id: UUID, *, by: Staff, now: datetime) -> None:
    """Has a reported message judged like one that staff hand in, and notes that somebody looked. Raises NotNow("gone").

    Whoever pasted it gave no name; what may name them stands in the text alone, which detection keeps under a key of its own for 30 days.
    """
    row = FakeReport.objects.select_for_update().filter(incident=incident, pk=report_id).first()
    text = text_of(row) if row else ""
    if row is None or not text.strip():
        raise NotNow("gone")
    detection.hand_in([("reported.eml", as_mail(text).encode())], what="mail", by=by, now=now)
    FakeReport.objects.filter(pk=row.pk, looked_at=None).update(looked_at=now)
    journal.write(incident, act="fake.handed_on", at=now, by=by, what={"report": str(report_id)})


def as_mail(text: str) -> str:
    """A pasted message as a mail: as it stands where its head came along, else as the body of one without a sender.

    >>> as_mail("From: a@example.org\\nSubject: Pay\\n\\nNow").splitlines()[0]
    'From: a@example.org'
    """
    if _HAS_HEAD.match(text):
        return text
    return f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}"


_HAS_HEAD = re.compile(r"(?:[A-Za-z-]{2,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}\s*\n")


def _last_told() -> Incident | None:
    """The open incident of which people heard from us last, by an update or by notices: an old one does not take the reports of a new one."""
    from amanat.web.notify.models import ApprovalRow

    update = StatusUpdate.objects.exclude(published_at=None).exclude(incident__phase="closed").order_by("-published_at").first()
    approval = ApprovalRow.objects.exclude(filled_at=None).exclude(incident__phase="closed").order_by("-filled_at").first()
    told = [(row.published_at, row.incident) for row in (update,) if row] + [(row.filled_at, row.incident) for row in (approval,) if row]
    return max(told, key=lambda one: one[0])[1] if told else None
