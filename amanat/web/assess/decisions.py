"""Decisions about duties: who takes one on, what is done and when, what is required or not and why, and why something was late."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from amanat.web.accounts.models import Staff
from amanat.web.accounts.pages import incident_page
from amanat.web.assess import actions, queries
from amanat.web.assess.models import DutyDecision
from amanat.web.assess.words import DECIDED, TO, members_of
from amanat.web.respond.models import Incident


@require_GET
@incident_page("see")
def decided(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What was decided about duties, by whom and why? The newest first; with `?what=` of one sort alone."""
    what = request.GET.get("what", "")
    rows = DutyDecision.objects.filter(incident=incident).select_related("by", "owner").order_by("-at")
    standing = {one.pk for one in queries.decisions(incident).values()}
    shown = rows.exclude(late_why="") if what == "late" else rows.filter(decision=what) if what in DECIDED else rows
    given = {
        "incident": incident,
        "decisions": shown,
        "standing": standing,
        "duties": {duty["id"]: duty for duty in queries.duties_as_decided(incident)},
        "to": TO,
        "decided_words": DECIDED,
        "what": what,
    }
    return render(request, "assess/decisions.html", given)


@require_POST
@incident_page("decide_duties")
def decide(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Somebody takes a duty on, reports it as done, decides with a reason that it is or is not required, or opens it again."""
    decision, duty_id = request.POST.get("decision", ""), request.POST.get("duty", "")
    why, late_why = (request.POST.get(name, "").strip()[:2000] for name in ("why", "late_why"))
    owner = _member(incident, request.POST.get("owner", "")) if decision == "owned" else None
    if decision not in actions.DECISIONS or (decision == "owned" and owner is None):
        return HttpResponseBadRequest()
    if decision in ("not_required", "required") and not why:
        messages.error(request, gettext("A duty is never set aside, nor made one, without a reason. Write it down."))
        return _back(request, incident, duty_id)
    moments = {name: _moment(request.POST.get(name, "")) for name in ("done_at", "due_at")}
    try:
        actions.decide(incident, duty_id, decision=decision, why=why, owner=owner, by=request.user, now=timezone.now(), late_why=late_why, **moments)
        messages.success(request, gettext("Noted."))
    except actions.NoSuchDuty:
        messages.error(request, gettext("The newest assessment does not hold this duty any more."))
    except actions.LateWithoutReason:
        messages.error(request, gettext("It was done after its deadline: the law asks for the reasons of the delay. Write them down."))
        return redirect("duty", incident_id=incident.pk, duty_id=duty_id)
    except actions.NotYet:
        messages.error(request, gettext("What is reported as done lies ahead. Write when it was really done."))
    return _back(request, incident, duty_id)


def _back(request: HttpRequest, incident: Incident, duty_id: str) -> HttpResponse:
    """To the page that the form stands on."""
    match request.POST.get("back", ""):
        case "duty" if duty_id:
            return redirect("duty", incident_id=incident.pk, duty_id=duty_id)
        case "deadlines":
            return redirect("deadlines")
    return redirect("duties", incident_id=incident.pk)


def _moment(text: str) -> datetime | None:
    """A moment from a form, in the writer's zone; what is none is left out."""
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    if at is None or not 2000 < at.year < 9000:
        return None
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def _member(incident: Incident, staff_id: str) -> Staff | None:
    try:
        return members_of(incident).filter(pk=UUID(staff_id)).first()
    except ValueError:
        return None
