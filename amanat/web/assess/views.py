"""What must we do, by when?"""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from amanat.web.accounts import permissions
from amanat.web.accounts.models import Staff
from amanat.web.accounts.pages import incident_page
from amanat.web.assess import actions, queries
from amanat.web.respond.models import Incident

# state of a clock -> its words and its colour; red is for what is missed or threatened and nothing else
STATES = {
    "missed": (_("missed"), "danger"),
    "threatened": (_("less than a day left"), "danger"),
    "open": (_("due"), "info"),
    "no_instant": (_("due, without a fixed hour"), "info"),
    "undetermined": (_("not settled yet"), "wait"),
    "done": (_("done"), "done"),
    "not_required": (_("not required, as decided"), "done"),
    "exempt": (_("exempt"), ""),
    "not_due": (_("not due"), ""),
}
TO = {
    "authority": _("Tell the authority"),
    "individuals": _("Tell the persons"),
    "controller": _("Tell the controller"),
    "media": _("Tell the media"),
    "markets": _("Tell the markets"),
    "public": _("Tell the public"),
    "third_parties": _("Tell third parties"),
    "internal_record": _("Keep our own record"),
}


@require_GET
@incident_page("see")
def duties(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The clock wall, with the reasons behind each clock."""
    now, row = timezone.now(), queries.newest(incident)
    given = {"incident": incident, "row": row, "now": now, "states": STATES, "to": TO, "width": queries.WIDTH}
    if row:
        settled = queries.decisions(incident)
        given["wall"] = wall = queries.clock_wall(
            row.content["duties"], {name: d.decision for name, d in settled.items()}, now=now, is_rtl=get_language_bidi()
        )
        given["settled"] = settled
        given["owners"] = queries.owners(incident)
        given["may_decide"] = permissions.may(request.user, "decide_duties", incident)
        given["members"] = members_of(incident)
        given["figures"] = [(STATES[state][0], wall.n[state], STATES[state][1]) for state in STATES if wall.n.get(state)]
        given["assessment"] = row.content
    return render(request, "assess/duties.html", given)


@require_POST
@incident_page("decide_duties")
def decide(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Somebody takes a duty on, reports it as done, or decides with a reason that it is not required."""
    decision, why = request.POST.get("decision", ""), request.POST.get("why", "").strip()[:1000]
    owner = _member(incident, request.POST.get("owner", "")) if decision == "owned" else None
    if decision not in actions.DECISIONS or (decision == "owned" and owner is None):
        return HttpResponseBadRequest()
    if decision == "not_required" and not why:
        messages.error(request, gettext("A duty is never set aside without a reason. Write it down."))
        return redirect("duties", incident_id=incident.pk)
    try:
        actions.decide(incident, request.POST.get("duty", ""), decision=decision, why=why, owner=owner, by=request.user, now=timezone.now())
        messages.success(request, gettext("Noted."))
    except actions.NoSuchDuty:
        messages.error(request, gettext("The newest assessment does not hold this duty any more."))
    return redirect("duties", incident_id=incident.pk)


def _member(incident: Incident, staff_id: str) -> Staff | None:
    try:
        return members_of(incident).filter(pk=UUID(staff_id)).first()
    except ValueError:
        return None


def members_of(incident: Incident) -> QuerySet[Staff]:
    """Who may take something on in this incident."""
    return Staff.objects.filter(pk__in=incident.memberships.values("staff")).order_by("name")
