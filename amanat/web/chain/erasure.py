"""May the persons be erased? One asks with a reason, a different one confirms; then nobody can read them any more."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page, proved_lately
from amanat.web.care.forms import latin_digits
from amanat.web.care.models import CaseRow
from amanat.web.notify.models import SendingRow
from amanat.web.notify.queries import OPEN, preparing
from amanat.web.respond import erasing
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson

WHY_MAX = 1000


@incident_page("confirm_erasure")
def erase(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What would be lost, who asked for it and why, and the two buttons."""
    if incident.wrapped_keys is None:
        return render(request, "accounts/erased.html", {"incident": incident})
    wish = erasing.wish(incident)
    may_ask = permissions.may(request.user, "erase_people", incident)
    if request.method == "POST":
        if not may_ask:
            return HttpResponse(status=403)
        return _act(request, incident, lambda: erasing.ask(incident, why=_why(request), by=request.user, now=timezone.now()), says=_(  # type: ignore[arg-type]
            "Asked for. Nothing is erased before a different person has confirmed it."
        ))  # fmt: skip
    given = {
        "incident": incident,
        "wish": wish,
        "n": persons(incident),
        "n_open": SendingRow.objects.filter(incident=incident, state__in=OPEN).count()
        + sum(preparing(incident).values_list("n_recipients", flat=True)),
        "n_cases": CaseRow.objects.filter(incident=incident, state="open").count(),
        "may_ask": may_ask,
        "may_confirm": wish is not None and wish.asked_by_id != request.user.pk,
        "why_max": WHY_MAX,
    }
    return render(request, "chain/erase.html", given)


@require_POST
@incident_page("confirm_erasure")
def confirm(request: HttpRequest, incident: Incident, erasure_id: UUID) -> HttpResponse:
    """The second person's word: typed, proved and final; or the wish is taken back."""
    if request.POST.get("do") == "withdraw":
        erasing.withdraw(incident, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Taken back. Nothing was erased."))
        return redirect("erase_people", incident_id=incident.pk)
    if latin_digits(request.POST.get("typed", "")[:40]).strip() != str(persons(incident)):
        messages.error(request, _("The number you typed is not the number of persons. Nothing was erased."))
        return redirect("erase_people", incident_id=incident.pk)
    return _act(
        request,
        incident,
        lambda: erasing.confirm(incident, erasure_id, by=request.user, now=timezone.now()),  # type: ignore[arg-type]
        says=_("Erased. Nobody can read these persons any more."),
    )


def persons(incident: Incident) -> int:
    """Whose data would be gone."""
    return AffectedPerson.objects.filter(incident=incident).count()


def _act(request: HttpRequest, incident: Incident, act: object, *, says: str) -> HttpResponse:
    page = reverse("erase_people", kwargs={"incident_id": incident.pk})
    if not proved_lately(request):
        messages.warning(request, _("Confirm that it is you, then try again."))
        return redirect(f"{reverse('account_reauthenticate')}?next={page}")
    refused = {
        "why": _("Nothing is erased without a reason. Write it down."),
        "same": _("Whoever asked for it cannot confirm it. A different person must."),
        "gone": _("This wish is not open any more. Look at the page again."),
    }
    try:
        act()  # type: ignore[operator]
    except erasing.NotNow as why:
        messages.error(request, refused[why.args[0]])
    else:
        messages.success(request, says)
    return redirect(page)


def _why(request: HttpRequest) -> str:
    return request.POST.get("why", "").strip()[:WHY_MAX]
