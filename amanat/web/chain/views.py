"""Where do we stand?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.assess import queries as duties
from amanat.web.chain import opening, queries, silence
from amanat.web.respond import queries as respond
from amanat.web.respond.models import PHASES, Incident
from amanat.web.scope import queries as scope

STEP_STATES = {
    "done": (_("done"), "done"),
    "going": (_("under way"), "info"),
    "waits": (_("waits for a person"), "wait"),
    "missed": (_("deadline missed"), "danger"),
    "later": (_("not begun"), ""),
}


@require_GET
@incident_page("see")
def incident(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Where do we stand? The chain, what is known and what is not, and what happened so far."""
    facts = respond.newest_facts(incident)
    row = duties.newest(incident)
    may_see_journal = permissions.may(request.user, "see_journal", incident)
    given = {
        "incident": incident,
        "steps_so_far": queries.steps(incident, facts, now=timezone.now()),
        "step_states": STEP_STATES,
        "facts": respond.facts_by_status(facts, request.LANGUAGE_CODE, respond.conflicts(incident, facts)),
        "to_add": respond.facts_to_add(facts),
        "tasks": (work := respond.tasks(incident))[0],
        "tasks_done": work[1],
        "decisions": respond.decisions(incident),
        "may_erase": permissions.may(request.user, "confirm_erasure", incident),
        "may_change": permissions.may(request.user, "change_facts", incident),
        "phases": PHASES if permissions.may(request.user, "move_phase", incident) else {},
        "run": scope.newest_run(incident),
        "questions": row.content.get("questions", []) if row else [],
        "first_words_by": opening.first_words_by(incident),
        "silence": silence.of(incident, now=timezone.now()),
        "timeline": queries.timeline(incident, facts, with_journal=may_see_journal),
        "names": respond.people_of_the_journal(incident),
        "members": incident.memberships.select_related("staff").order_by("since"),
    }
    return render(request, "respond/incident.html", given)
