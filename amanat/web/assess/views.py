"""What must we do, by when? The clock wall of one incident, as it stands or as it stood."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext
from django.views.decorators.http import require_GET, require_POST

from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.assess import actions, queries, replay
from amanat.web.assess.controllers import has_controllers
from amanat.web.assess.words import STATES, TO
from amanat.web.respond.models import FactRow, Incident


@require_GET
@incident_page("see")
def duties(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The clock wall, with the reasons behind each clock; with `?at=` as it stood at a past moment."""
    then_at = replay.moment_asked(request)
    now, row = then_at or timezone.now(), queries.newest(incident)
    then = replay.as_it_stood(incident, then_at) if then_at else None
    given = {"incident": incident, "row": row, "now": now, "states": STATES, "to": TO, "width": queries.WIDTH, "then_at": then_at, "then": then}
    given["has_controllers"] = has_controllers(incident)
    given["may_see_money"] = permissions.may(request.user, "see_money", incident)
    given["may_answer"] = then_at is None and permissions.may(request.user, "change_facts", incident)
    given["moments"] = replay.moments(incident)
    if row or then:
        content = then.content if then else row.content
        made = queries.decisions(incident, until=then_at)
        wall = queries.clock_wall(queries.as_decided(content["duties"], made), queries.settled(made), now=now, is_rtl=get_language_bidi())
        given |= {"wall": wall, "settled": made, "owners": queries.owners(incident, until=then_at), "assessment": content}
        given["figures"] = [(STATES[state][0], wall.n[state], STATES[state][1]) for state in STATES if wall.n.get(state)]
        given["n_newer"] = _newer_facts(incident, row) if row and not then else 0
    return render(request, "assess/duties.html", given)


def _newer_facts(incident: Incident, row: queries.AssessmentRow) -> int:
    """How many facts were noted since the duties were judged."""
    return FactRow.objects.filter(incident=incident, is_set_aside=False, at__gt=row.at).values("name").distinct().count()


@require_POST
@incident_page("change_facts")
def assess_again(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Judges the facts of today by the laws of today."""
    if actions.assess_again(incident, by=request.user, now=timezone.now()):
        messages.success(request, gettext("Judged anew. Texts and recipients follow when the files are read again."))
    else:
        messages.error(request, gettext("The persons of the last reading were not counted for this. Have the files read again."))
    return redirect("duties", incident_id=incident.pk)
