"""Pages outside any single incident: the overview, and the form that declares one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from amanat.web.accounts.pages import staff_page
from amanat.web.respond import actions, queries
from amanat.web.respond.forms import DeclareForm
from amanat.web.templatetags.words import incident_url


@staff_page("use")
def overview(request: HttpRequest) -> HttpResponse:
    """What burns? All open incidents of this person, by next deadline."""
    return render(
        request,
        "respond/overview.html",
        {"incidents": queries.incidents_of(request.user), "closed": queries.closed_incidents_of(request.user), "now": timezone.now()},
    )


@staff_page("declare")
def declare(request: HttpRequest) -> HttpResponse:
    """Declare an incident in a minute."""
    form = DeclareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        incident = actions.declare(by=request.user, now=timezone.now(), **form.cleaned_data)
        return redirect(incident_url(incident))
    return render(request, "respond/declare.html", {"form": form})
