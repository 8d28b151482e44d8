"""Changes to what must be done: a new assessment, and the next deadline that every page shows."""

from datetime import datetime
from typing import Any

from django.db import transaction

from amanat.web.accounts.models import Staff
from amanat.web.assess import queries
from amanat.web.assess.models import AssessmentRow, DutyDecision
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope.models import ScopeRow

DECISIONS = ("owned", "done", "not_required", "reopened")


@transaction.atomic
def take_in(incident: Incident, *, content: dict[str, Any], scope: ScopeRow | None, now: datetime) -> AssessmentRow:
    """Keeps an assessment (the content of `assessment.json`) and moves the next deadline."""
    row = AssessmentRow.objects.create(incident=incident, scope=scope, at=now, content=content)
    refresh_next_deadline(incident)
    return row


def refresh_next_deadline(incident: Incident) -> None:
    """Keeps the next deadline with the incident, so that the overview needs no other table."""
    found = queries.next_deadline(incident)
    incident.next_deadline_at, incident.next_deadline_for = (found.at, found.to[:200]) if found else (None, "")
    Incident.objects.filter(pk=incident.pk).update(next_deadline_at=incident.next_deadline_at, next_deadline_for=incident.next_deadline_for)


class NoSuchDuty(Exception):
    """The newest assessment does not know this duty."""


@transaction.atomic
def decide(incident: Incident, duty_id: str, *, decision: str, why: str, owner: Staff | None, by: Staff, now: datetime) -> DutyDecision:
    """Somebody takes a duty on ("owned"), reports it as done, decides with a reason that it is not required, or opens it again."""
    assert decision in DECISIONS and (decision != "not_required" or why) and (decision != "owned" or owner)
    row = queries.newest(incident)
    if row is None or duty_id not in {duty["id"] for duty in row.content["duties"]}:
        raise NoSuchDuty
    made = DutyDecision.objects.create(incident=incident, duty_id=duty_id, decision=decision, why=why, owner=owner, by=by, at=now)
    what = {"duty": duty_id} | ({"owner": str(owner.pk)} if owner else {})
    journal.write(incident, act=f"duty.{decision}", at=now, by=by, what=what, why=why)
    refresh_next_deadline(incident)
    return made
