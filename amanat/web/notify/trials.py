"""Test sends from the screens: the notices, marked as a test, to members of the incident, at their own addresses."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.web.accounts.models import Staff
from amanat.web.notify import queries
from amanat.web.notify.models import NoticeRow, TrialRow
from amanat.web.notify.way_out import way_out
from amanat.web.respond import journal
from amanat.web.respond.models import Incident

MOST = 60  # mails of one wish
SHOWN = 40


def members(incident: Incident) -> list[Staff]:
    """Who may be sent a test: whoever works on the incident now."""
    ids = incident.memberships.values_list("staff_id", flat=True)
    return list(Staff.objects.filter(pk__in=ids, is_active=True).order_by("name"))


def of(incident: Incident) -> list[TrialRow]:
    """The newest tests."""
    return list(TrialRow.objects.filter(incident=incident).select_related("notice", "to", "by").order_by("-at", "pk")[:SHOWN])


@transaction.atomic
def ask(incident: Incident, *, notices: Sequence[NoticeRow], to: Sequence[Staff], by: Staff, now: datetime) -> list[TrialRow]:
    """Notes the tests and calls a worker that sends them."""
    rows = [TrialRow(incident=incident, notice=notice, to=one, by=by, at=now) for notice in notices for one in to]
    assert 0 < len(rows) <= MOST
    TrialRow.objects.bulk_create(rows)
    what = {"notices": [row.notice_id for row in notices], "n_staff": len(to)}
    journal.write(incident, act="test.sent", at=now, by=by, what=what)
    ids = [str(row.pk) for row in rows]
    transaction.on_commit(lambda: send_trials.defer(ids=ids) and None)
    return rows


@app.task(name="send_trials", queue="sendings")
def send_trials(ids: list[str]) -> None:
    """Sends tests that wait and notes what became of each; one that was tried is not tried again."""
    rows = list(TrialRow.objects.filter(pk__in=[UUID(i) for i in ids], became="").select_related("incident", "notice", "to"))
    # Noted before the wire: a job that is called twice sends nothing twice.
    TrialRow.objects.filter(pk__in=[row.pk for row in rows]).update(became="attempting")
    try:
        outcomes = _send(rows) if rows else []
    except notify.NotLocalTrial:
        _close(rows, "refused", "a drill or demonstration reaches only this machine; set AMANAT_SMTP to smtp://127.0.0.1:PORT")
    except (notify.TryLater, notify.Refused, Fixable) as error:
        _close(rows, "refused", notify.without_addresses(str(error)))
    else:
        for row, outcome in zip(rows, outcomes, strict=True):
            _close([row], outcome.became, notify.without_addresses(outcome.answer))


def _send(rows: Sequence[TrialRow]) -> list[notify.Outcome]:
    incident = rows[0].incident
    company, today = queries.company_of(incident), timezone.localdate()
    by_row = dict(zip([r.notice_id for r in rows], notify.marked(queries.notices_of([r.notice for r in rows])), strict=True))
    # As the notices themselves go: through a provider where one is described, and in the demonstration to its own inbox only.
    opening = notify.Opening(
        company=company,
        **way_out(),
        texts=notify.texts_of(by_row.values(), company, on=today),
        n_parallel=1,
    )
    wanted = [notify.trial_messages([by_row[row.notice_id]], [row.to.email])[0] for row in rows]
    return notify.send_trials(wanted, opening, is_confined=incident.is_drill or settings.IS_DEMO)


def _close(rows: Sequence[TrialRow], became: str, answer: str) -> None:
    TrialRow.objects.filter(pk__in=[row.pk for row in rows]).update(became=became, answer=answer[:300])


def choices(incident: Incident, given: Any) -> tuple[list[NoticeRow], list[Staff]]:
    """The texts and members that a form names; whatever is none of this incident is left out."""
    notices = set(given.getlist("notice"))
    staff = set(given.getlist("to"))
    return (
        [row for row in queries.letters(incident) if row.notice_id in notices],
        [one for one in members(incident) if str(one.pk) in staff],
    )
