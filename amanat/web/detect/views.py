"""What do we see?"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from amanat.web.accounts.pages import staff_page
from amanat.web.detect import actions, queries
from amanat.web.detect.forms import HandInForm
from amanat.web.detect.models import AlertRow

SHOWN_MAX = 100
ENTITIES = {
    "domain": _("domain"),
    "address": _("address"),
    "account": _("account"),
    "host": _("machine"),
    "service": _("service"),
    "message": _("message"),
}
VERDICTS = {
    "phishing": (_("phishing"), "wait"),
    "impersonates_us": (_("impersonates us"), "wait"),
    "unwanted": (_("unwanted"), "info"),
    "clean": (_("clean"), "info"),
    "cannot_say": (_("cannot say"), "wait"),
}
# Amber: somebody must look. Red is for missed deadlines and for what cannot be undone.
SEVERITY_TAGS = {"critical": "wait", "high": "wait", "medium": "info", "low": "info"}


@require_http_methods(["GET", "POST"])
@staff_page("use")
def alerts(request: HttpRequest) -> HttpResponse:
    """What do we see? The alerts in what this person handed in, each with its reasons; and the form to hand something in."""
    form = HandInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        files = [(file.name or "", file.read()) for file in form.cleaned_data["files"]]
        actions.hand_in(files, what=form.cleaned_data["what"], by=request.user, now=timezone.now())
        messages.success(request, _("Handed in. It is read in a moment; what is found stands here."))
        return redirect("alerts")
    handed_in = list(queries.handed_in_by(request.user)[:20])
    rows = list(queries.alerts_of(request.user)[:SHOWN_MAX])
    given = {
        "form": form,
        "alerts": queries.one_line_each(shown(row) for row in rows),
        "handed_in": handed_in,
        "is_waiting": any(one.state in ("asked", "running") for one in handed_in),
    }
    return render(request, "detect/alerts.html", given, status=400 if request.method == "POST" else 200)


@require_GET
@staff_page("use")
def handed_in(request: HttpRequest, handed_in_id: Any) -> HttpResponse:
    """What is it? The verdict on each message handed in, or what could not be read of a log, and the alerts."""
    row = queries.handed_in_by(request.user).filter(pk=handed_in_id).first()
    if row is None:
        raise Http404
    results = row.opened_results()
    judged = [
        {**one, "says": VERDICTS[one["verdict"]][0], "tag": VERDICTS[one["verdict"]][1], "evidence": queries.shown_evidence(one["evidence"])}
        for one in results.get("messages", [])
    ]
    given = {
        "row": row,
        "judged": judged,
        "n_more": results.get("n_more", 0),
        "gaps": results.get("gaps", []),
        "n_rules": results.get("n_rules", 0),
        "rules_not_run": results.get("rules_not_run", 0),
        "alerts": queries.one_line_each(shown(alert) for alert in queries.alerts_of(request.user).filter(handed_in=row)[:SHOWN_MAX]),
    }
    return render(request, "detect/handed_in.html", given)


def shown(row: AlertRow) -> dict[str, Any]:
    """An alert as the pages show it."""
    opened = row.opened()
    return {
        "row": row,
        "sort": queries.sort_of(row.kind, row.severity, opened),
        "tag": SEVERITY_TAGS[row.severity],
        "entity": ENTITIES.get(opened["entity"]["type"], ""),
        "value": opened["entity"]["value"],
        "evidence": queries.shown_evidence(opened["evidence"]),
    }
