"""Changes to what must be done: a new assessment, and the next deadline that every page shows."""

from datetime import datetime
from typing import Any

from django.db import transaction

from amanat.web.assess.models import AssessmentRow, DutyDecision
from amanat.web.respond.models import Incident
from amanat.web.scope.models import ScopeRow


@transaction.atomic
def take_in(incident: Incident, *, content: dict[str, Any], scope: ScopeRow | None, now: datetime) -> AssessmentRow:
    """Keeps an assessment (the content of `assessment.json`) and moves the next deadline."""
    row = AssessmentRow.objects.create(incident=incident, scope=scope, at=now, content=content)
    refresh_next_deadline(incident)
    return row


def refresh_next_deadline(incident: Incident) -> None:
    """The earliest deadline of a due duty that nobody has marked as done or, with a reason, as not required."""
    newest = AssessmentRow.objects.filter(incident=incident).order_by("-at").first()
    settled = set(DutyDecision.objects.filter(incident=incident, decision__in=("done", "not_required")).values_list("duty_id", flat=True))
    open_duties = [
        (datetime.fromisoformat(duty["due_at"]), duty)
        for duty in (newest.content["duties"] if newest else [])
        if duty["state"] == "due" and duty.get("due_at") and duty["id"] not in settled
    ]
    at, duty = min(open_duties, key=lambda pair: pair[0], default=(None, None))
    incident.next_deadline_at, incident.next_deadline_for = at, str(duty["who"] if duty else "")[:200]
    Incident.objects.filter(pk=incident.pk).update(next_deadline_at=at, next_deadline_for=incident.next_deadline_for)
