"""Changes: ask for a report, and take in what it says."""

import shutil
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from amanat.web import wishes
from amanat.web.accounts.models import Staff
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.trust import queries
from amanat.web.trust.models import TrustReport
from amanat.web.uploads import SealedUpload

SEALED_KEY = "trust_trustreport.sealed_key"


@transaction.atomic
def ask(
    incident: Incident, *, by: Staff, now: datetime, since: datetime | None = None, uploaded: SealedUpload | None = None
) -> tuple[TrustReport, bool]:
    """Has the worker measure; when one is under way already, that one is returned and nothing is stored.

    Returns:
        The report, and whether it is a new one.
    """
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    under_way = TrustReport.objects.filter(incident=incident, state__in=("asked", "running")).first()
    if under_way:
        return under_way, False
    report = TrustReport(incident=incident, asked_at=now, asked_by=by, since=since, is_uploaded=uploaded is not None)
    if uploaded is not None:
        report.sealed_key = incident.keys().encrypt(uploaded.key.hex(), place=SEALED_KEY, row=report.pk)
        folder = queries.folder_of(report)
        folder.mkdir(mode=0o700, parents=True)
        uploaded.keep(folder / "events")
    report.save()
    journal.write(incident, act="trust.asked", at=now, by=by, what={"report": str(report.pk), "is_uploaded": report.is_uploaded})
    ring(report)
    return report, True


def ring(report: TrustReport) -> None:
    """Tells the workers that there is something to do, once the transaction stands."""
    from procrastinate.contrib.django import app

    name, lock = "measure_trust", f"trust-{report.pk}"
    transaction.on_commit(lambda: app.configure_task(name=name, queue="incidents", queueing_lock=lock).defer(report_id=str(report.pk)))


@transaction.atomic
def claim(report_id: UUID, *, now: datetime) -> TrustReport | None:
    """The report, if it is ours to make now: nobody works on it, and it has not failed too often."""
    report: TrustReport | None = wishes.claim(TrustReport, report_id)
    if report is not None and wishes.is_hopeless(report):
        finish(report, content=None, sentence=wishes.GIVEN_UP, now=now)
        return None
    return report


@transaction.atomic
def finish(report: TrustReport, *, content: dict[str, Any] | None, sentence: str, now: datetime) -> None:
    """Keeps the numbers, or why there are none; what was uploaded is deleted."""
    state = "done" if content is not None else "failed"
    TrustReport.objects.filter(pk=report.pk).update(state=state, finished_at=now, sentence=sentence, content=content, sealed_key=None)
    act = "trust.measured" if content is not None else "trust.failed"
    journal.write(report.incident, act=act, at=now, what={"report": str(report.pk)}, why=sentence)
    shutil.rmtree(queries.folder_of(report), ignore_errors=True)
