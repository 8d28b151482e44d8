"""Stops an issue on its way, and lets it go on. To take back what it says, the statement is withdrawn."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from amanat.web.accounts.models import Staff
from amanat.web.bulletin.models import Issue
from amanat.web.respond import journal


@transaction.atomic
def stop(issue: Issue, *, by: Staff, now: datetime) -> bool:
    """No further mail of it leaves; those being handed over this moment end first. Whether there was something to stop."""
    is_stopped = bool(Issue.objects.filter(pk=issue.pk, stopped_at=None, ended_at=None).update(stopped_at=now, stopped_by=by))
    if is_stopped:
        journal.write(issue.outlet.incident, act="bulletin.stopped", at=now, by=by, what={"statement": str(issue.outlet.statement_id)})
    return is_stopped


@transaction.atomic
def go_on(issue: Issue, *, by: Staff, now: datetime) -> bool:
    """Sends the rest of what somebody stopped, or at once what stopped by itself and waits; nobody gets it twice."""
    list(Issue.objects.select_for_update(no_key=True).filter(pk=issue.pk))  # who presses it at the same moment waits, and finds it gone on
    waits = Q(stopped_at__isnull=False) | Q(not_before__isnull=False)
    standing = Issue.objects.filter(waits, pk=issue.pk, ended_at=None, outlet__withdrawn_at=None)
    goes_on = bool(standing.update(stopped_at=None, stopped_by=None, not_before=None, why=""))
    if goes_on:
        journal.write(issue.outlet.incident, act="bulletin.went_on", at=now, by=by, what={"statement": str(issue.outlet.statement_id)})
        _ring(issue)
    return goes_on


def _ring(issue: Issue) -> None:
    from procrastinate.contrib.django import app

    transaction.on_commit(lambda: app.configure_task(name="send_issue", queue="sendings").defer(issue_id=str(issue.pk)))
