"""What stood at a past moment: the facts then known, the persons then counted, the decisions then made, and the law then in force."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from amanat import assess
from amanat.web.assess.models import AssessmentRow, DutyDecision
from amanat.web.respond.models import FactRow, Incident
from amanat.web.respond.queries import as_facts

MOMENTS_MAX = 60  # that a page offers


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """An assessment of a past moment, as `assessment.json` holds it, and what it was made of."""

    content: dict[str, Any]
    facts: dict[str, FactRow]
    counted_at: datetime | None  # when the persons were counted that count here; None: nobody had counted by then


def moment_asked(request: HttpRequest) -> datetime | None:
    """The past moment that a page is asked for (`?at=`), in the reader's zone where it names none; what is none asks for today."""
    try:
        at = parse_datetime(request.GET.get("at", "").replace(" ", "+"))
    except ValueError:
        return None
    if at is None or not 2000 < at.year < 9000:
        return None
    at = timezone.make_aware(at) if timezone.is_naive(at) else at
    return at if at < timezone.now() else None


def facts_as_of(incident: Incident, moment: datetime) -> dict[str, FactRow]:
    """Of each fact the last note of what was known by that moment: as somebody said since when, or else when it was noted."""
    rows = FactRow.objects.filter(incident=incident, is_set_aside=False).select_related("by").order_by("at", "id")
    return {row.name: row for row in rows if row.holds_since <= moment}


def as_it_stood(incident: Incident, moment: datetime) -> Then:
    """Judged again from what was known then; nothing of it is kept."""
    facts = facts_as_of(incident, moment)
    rows = AssessmentRow.objects.filter(incident=incident, at__lte=moment).exclude(counted=None).exclude(counted=[])
    row = rows.order_by("-at").first()
    found = assess.assess(as_facts(facts), counted=row.counted if row else None, now=moment)
    return Then(content=assess.assessment_as_json(found), facts=facts, counted_at=row.at if row else None)


def moments(incident: Incident) -> list[datetime]:
    """When something became known, was counted or decided, the newest first; what happened within one minute is one moment."""
    facts = [row.holds_since for row in FactRow.objects.filter(incident=incident, is_set_aside=False).only("since", "at")]
    rows = AssessmentRow.objects.filter(incident=incident).values_list("at", flat=True)
    made = DutyDecision.objects.filter(incident=incident).values_list("at", flat=True)
    found: list[datetime] = []
    for at in sorted({*facts, *rows, *made}, reverse=True):
        # The end of the minute, so that what the moment is named after has happened in it.
        end = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
        if (not found or found[-1] != end) and end < timezone.now():
            found.append(end)
    return found[:MOMENTS_MAX]
