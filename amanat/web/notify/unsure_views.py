"""Were these told? Messages that nobody can be sure of, and what a person decides about them."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.notify import queries
from amanat.web.notify import unsure as those
from amanat.web.respond.models import Incident
from amanat.web.templatetags.names import number

WHY_MAX = 500


@require_safe
@incident_page("see")
def unsure(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What waits for a decision, by batch and one by one."""
    channel, minute = request.GET.get("channel", "")[:30], _moment(request.GET.get("minute", ""))
    rows = those.waiting(incident, channel=channel, minute=minute)
    approval = queries.standing_approval(incident)
    context = {
        "incident": incident,
        "now": timezone.now(),
        "n": rows.count(),
        "n_all": those.waiting(incident).count(),
        "batches": those.batches(incident),
        "channel": channel,
        "minute": minute,
        "shown": those.shown(rows),
        "most": those.MOST,
        "why_max": WHY_MAX,
        "approval": approval if approval and approval.approver_id else None,
        "can_settle": permissions.may(request.user, "approve_notices", incident),
        "can_see_people": permissions.may(request.user, "see_people", incident),
    }
    return render(request, "notify/unsure.html", context)


@require_POST
@incident_page("approve_notices")
def settle_unsure(request: HttpRequest, incident: Incident) -> HttpResponse:
    """One decision about the ticked ones, or about all of the list as it was shown."""
    verdict, why, which = request.POST.get("verdict", ""), request.POST.get("why", "").strip()[:WHY_MAX], request.POST.get("which", "")
    seen_at = _moment(request.POST.get("seen_at", ""))
    if verdict not in those.VERDICTS or which not in ("ticked", "all") or seen_at is None:
        return HttpResponseBadRequest()
    rows = those.waiting(incident, channel=request.POST.get("channel", "")[:30], minute=_moment(request.POST.get("minute", "")))
    if which == "ticked":
        rows = rows.filter(pk__in=_ids(request.POST.getlist("sending")))
    if not why:
        messages.error(request, _("Nothing was decided: give a reason."))
        return redirect("unsure", incident_id=incident.pk)
    n, n_not = those.settle(incident, rows, verdict=verdict, seen_at=seen_at, why=why, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    if n:
        messages.success(request, _("Messages decided about: %(n)s.") % {"n": number(n)})
    else:
        messages.warning(request, _("Nothing was decided: no message was chosen, or all of them were settled meanwhile."))
    if n_not:
        messages.warning(request, _("Their approval is void, so they cannot be sent again: %(n)s") % {"n": number(n_not)})
    return redirect("unsure", incident_id=incident.pk)


@require_POST
@incident_page("approve_notices")
def unsure_policy(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Whether what becomes unsure from now on waits for a person."""
    policy, why = request.POST.get("policy", ""), request.POST.get("why", "").strip()[:WHY_MAX]
    approval = queries.standing_approval(incident)
    if policy not in ("hold", "again"):
        return HttpResponseBadRequest()
    if not why:
        messages.error(request, _("Nothing was decided: give a reason."))
    elif approval is not None and approval.approver_id:
        those.choose_policy(incident, approval, holds=policy == "hold", why=why, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Decided. It holds from now on."))
    return redirect("unsure", incident_id=incident.pk)


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text[:40]) if text else None
    except ValueError:
        return None
    return found if found and found.tzinfo else None


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts[: those.MOST]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
