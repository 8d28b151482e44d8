"""Changes on an incident's first page: phase, facts, tasks and decisions, each a form, an action and a line in the journal."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from amanat.terms.fact import fact_types
from amanat.web.accounts.pages import incident_page
from amanat.web.respond import actions, queries
from amanat.web.respond.forms import DecisionForm, FactForm, TaskForm
from amanat.web.respond.models import PHASES, FactRow, Incident


@require_POST
@incident_page("move_phase")
def move_phase(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The response goes on to its next phase, or back to an earlier one."""
    phase = request.POST.get("phase", "")
    if phase not in PHASES:
        raise Http404
    try:
        if actions.move_phase(incident, phase, by=request.user, now=timezone.now()):
            messages.success(request, gettext("The phase is now: %(phase)s") % {"phase": PHASES[phase]})
    except actions.StillDue:
        messages.error(request, gettext("A deadline is still open. Settle its duty first, as done or, with a reason, as not required; then close."))
    return redirect("incident", incident_id=incident.pk)


@incident_page("change_facts")
def fact(request: HttpRequest, incident: Incident, name: str) -> HttpResponse:
    """What do we know about this? The form, and every earlier value with its source."""
    what = fact_types().get(name)
    if what is None:
        raise Http404
    standing = queries.facts_that_count(incident).get(name)
    begin = {"status": standing.status if standing else "known"}
    form = FactForm(request.POST or None, fact=what, value=standing.value if standing else None, initial=begin)
    if request.method == "POST" and form.is_valid():
        given = {part: form.cleaned_data[part] for part in ("status", "since", "source")}
        actions.note_fact(incident, name=name, value=form.value, **given, by=request.user, now=timezone.now())
        messages.success(request, gettext("Noted. Duties and notices follow when the files are read again."))
        return redirect("incident", incident_id=incident.pk)
    earlier = FactRow.objects.filter(incident=incident, name=name).select_related("by").order_by("-at", "-id")[:30]
    given_ = {"form": form, "fact": what, "earlier": queries.shown(earlier, request.LANGUAGE_CODE)}
    return render(request, "respond/fact.html", given_)


@require_POST
@incident_page("change_facts")
def choose_fact(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Leads to the form of the fact that was chosen."""
    name = request.POST.get("name", "")
    return redirect("fact", incident_id=incident.pk, name=name) if name in fact_types() else redirect("incident", incident_id=incident.pk)


@incident_page("change_facts")
def add_task(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Who does what by when?"""
    form = TaskForm(request.POST or None, incident=incident, initial={"owner": request.user})
    if request.method == "POST" and form.is_valid():
        actions.add_task(incident, **form.cleaned_data, by=request.user, now=timezone.now())
        return redirect("incident", incident_id=incident.pk)
    return render(request, "respond/add.html", {"form": form, "title": gettext("Who does what, by when?")})


@require_POST
@incident_page("change_facts")
def finish_task(request: HttpRequest, incident: Incident, task_id: UUID) -> HttpResponse:
    """Marks a task as done."""
    actions.finish_task(incident, task_id, by=request.user, now=timezone.now())
    return redirect("incident", incident_id=incident.pk)


@incident_page("change_facts")
def add_decision(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What was decided, and why?"""
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.note_decision(incident, **form.cleaned_data, by=request.user, now=timezone.now())
        return redirect("incident", incident_id=incident.pk)
    return render(request, "respond/add.html", {"form": form, "title": gettext("What was decided, and why?")})
