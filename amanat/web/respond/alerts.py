"""Pages on which an alert opens an incident or joins one, and on which an incident shows what it carries along."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page, staff_page
from amanat.web.detect.models import ALERT_KINDS, AlertRow
from amanat.web.detect.queries import alerts_of, one_line_each, shown_evidence, sort_of
from amanat.web.detect.views import ENTITIES, SEVERITY_TAGS
from amanat.web.respond import actions, queries
from amanat.web.respond.models import CarriedAlert, Incident
from amanat.web.templatetags.words import incident_url

ALIKE_MAX = 100


@require_POST
@staff_page("declare")
def open_from_alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """One click: a new incident that carries the alert along, with those of its sort. Its name says kind and day, and can be changed."""
    alert, alike, now = _own_alert(request, alert_id), _alike(request), timezone.now()
    title = f"{ALERT_KINDS[alert.kind]}, {timezone.localdate(now).isoformat()}"
    incident = actions.open_from_alert(alert, title=title, by=request.user, now=now)
    for one in alike:
        actions.carry_alert(incident, one, by=request.user, now=now)
    messages.success(request, _("The incident is open, and carries the alert with its reasons."))
    return redirect(incident_url(incident))


@require_http_methods(["GET", "POST"])
@staff_page("use")
def join_incident(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Which incident does it belong to? Those of this person in which facts are theirs to note."""
    alert, alike = _own_alert(request, alert_id), _alike(request)
    mine = [one for one in queries.incidents_of(request.user) if permissions.may(request.user, "change_facts", one) and not one.keys_erased_at]
    if request.method == "POST":
        incident = next((one for one in mine if str(one.pk) == request.POST.get("incident")), None)
        if incident is None:
            raise Http404
        for one in (alert, *alike):
            actions.carry_alert(incident, one, by=request.user, now=timezone.now())
        messages.success(request, _("The incident carries the alert with its reasons."))
        return redirect("incident_alerts", incident_id=incident.pk)
    return render(request, "respond/join.html", {"alert": alert, "alike": alike, "incidents": mine})


@require_GET
@incident_page("see_journal")
def incident_alerts(request: HttpRequest, incident: Incident) -> HttpResponse:
    """How did we notice? The alerts that opened the incident or joined it."""
    rows = CarriedAlert.objects.filter(incident=incident).select_related("by").order_by("-at") if not incident.keys_erased_at else []
    return render(request, "respond/alerts.html", {"alerts": one_line_each(_shown(row) for row in rows)})


def _own_alert(request: HttpRequest, alert_id: UUID) -> AlertRow:
    alert = alerts_of(request.user).filter(pk=alert_id).first()
    if alert is None:
        raise Http404  # who did not hand it in does not learn that it exists
    return alert


def _alike(request: HttpRequest) -> list[AlertRow]:
    """The alerts that stood in one line with it on the page."""
    named = request.POST.getlist("also") or request.GET.getlist("also")
    return [_own_alert(request, pk) for pk in _uuids(named[:ALIKE_MAX])]


def _uuids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(text) for text in texts]
    except ValueError:
        raise Http404 from None


def _shown(row: CarriedAlert) -> dict[str, Any]:
    opened = row.opened()
    return {
        "row": row,
        "sort": sort_of(row.kind, row.severity, opened),
        "tag": SEVERITY_TAGS[row.severity],
        "entity": ENTITIES.get(opened["entity"]["type"], ""),
        "value": opened["entity"]["value"],
        "evidence": shown_evidence(opened["evidence"]),
        "digests": opened["digests"],
    }
