"""How far is this issue? Its course in readers, what came back, who released it and when; with the buttons that stop it and let it go on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.bulletin import actions, queries
from amanat.web.bulletin import course as reads
from amanat.web.bulletin.models import Issue
from amanat.web.notify.models import OutletRow
from amanat.web.respond.models import Incident


@require_safe
@incident_page("see")
def issue(request: HttpRequest, incident: Incident, outlet_id: UUID) -> HttpResponse:
    """One issue; while something is open, the page asks for its middle again."""
    released = OutletRow.objects.filter(incident=incident, outlet=queries.OUTLET)
    outlet = get_object_or_404(released.select_related("incident", "statement__author", "statement__approver", "withdrawn_by"), pk=outlet_id)
    one = Issue.objects.filter(outlet=outlet).select_related("stopped_by").first()
    now = timezone.now()
    context = {
        "incident": incident,
        "outlet": outlet,
        "title": queries.title_in(outlet, get_language() or "en"),
        "issue": one,
        "course": reads.course(one, now=now) if one else None,
        "history": reads.history(outlet),
        "can_stop": permissions.may(request.user, "stop_sending", incident),
        "can_go_on": permissions.may(request.user, "approve_notices", incident),
    }
    return render(request, "bulletin/issue_course.html" if getattr(request, "htmx", False) else "bulletin/issue.html", context)


@require_POST
@incident_page("stop_sending")
def stop_issue(request: HttpRequest, incident: Incident, outlet_id: UUID) -> HttpResponse:
    """Stops at once; no further proof is asked, because stopping is always the safer mistake."""
    one = get_object_or_404(Issue, outlet_id=outlet_id, outlet__incident=incident)
    if not actions.stop(one, by=request.user, now=timezone.now()):  # type: ignore[arg-type]
        messages.warning(request, _("There was nothing to stop: the issue is at its end or stopped already."))
    return redirect("issue", incident_id=incident.pk, outlet_id=outlet_id)


@require_POST
@incident_page("approve_notices")
def go_on_issue(request: HttpRequest, incident: Incident, outlet_id: UUID) -> HttpResponse:
    """Sends the rest."""
    one = get_object_or_404(Issue, outlet_id=outlet_id, outlet__incident=incident)
    if not actions.go_on(one, by=request.user, now=timezone.now()):  # type: ignore[arg-type]
        messages.warning(request, _("It cannot go on: it was withdrawn, is at its end, or goes on already."))
    return redirect("issue", incident_id=incident.pk, outlet_id=outlet_id)
