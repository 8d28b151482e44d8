"""Help in deeds: claims and their evidence, offers and their ledger, calls to who depends on us."""

from uuid import UUID

from csp.constants import NONE
from csp.decorators import csp
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.care import desk, queries
from amanat.web.care.acting import NO_AMOUNT, TEXT_MAX, WORDS, amount_of, case_of, do
from amanat.web.care.models import ClaimRow
from amanat.web.respond import journal
from amanat.web.respond.models import Incident

# ---- claims ----


@require_POST
@incident_page("decide_claims")
def decide(request: HttpRequest, incident: Incident, case_id: UUID, claim_id: UUID) -> HttpResponse:
    """The decision on a claim, or that its money has left."""
    row, now, by = case_of(incident, case_id), timezone.now(), request.user
    if not ClaimRow.objects.filter(pk=claim_id, case=row).exists():
        raise Http404
    here = redirect("case", incident_id=incident.pk, case_id=row.pk)
    if request.POST.get("state") == "paid":
        return do(request, lambda: desk.pay_claim(incident, claim_id, by=by, now=now), _("Noted as paid."), here)  # type: ignore[arg-type]
    amount = amount_of(request.POST.get("reimburse_eur", ""))
    if amount is NO_AMOUNT:
        messages.error(request, _("This is not an amount. Write digits only, such as 120, or leave it empty."))
        return here
    return do(
        request,
        lambda: desk.decide_claim(
            incident,
            claim_id,
            state=request.POST.get("state", ""),
            text=request.POST.get("text", "")[:TEXT_MAX],
            reimburse_eur=amount,
            by=by,  # type: ignore[arg-type]
            now=now,
        ),
        _("Decided. The person reads the decision and its reasons on their page."),
        here,
    )


@csp({"default-src": [NONE], "sandbox": [""]})
@require_POST
@incident_page("help_people")
def evidence(request: HttpRequest, incident: Incident, claim_id: UUID, file_id: UUID) -> HttpResponse:
    """Hands over one file as it came. It comes from a stranger: it is never shown by the browser, and its name stays with us."""
    try:
        _name, content = desk.take_file(incident, claim_id, file_id, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except ObjectDoesNotExist:
        raise Http404 from None
    headers = {"Content-Disposition": f'attachment; filename="evidence-{file_id.hex[:8]}.bin"'}
    return HttpResponse(content, content_type="application/octet-stream", headers=headers)


# ---- offers ----


@require_GET
@incident_page("help_people")
def offers(request: HttpRequest, incident: Incident) -> HttpResponse:
    """What do we offer, to whom, and what does it cost?"""
    given = {"incident": incident, "can_open": permissions.may(request.user, "open_offers", incident), **queries.offers(incident)}
    return render(request, "care/offers.html", given | WORDS)


@require_POST
@incident_page("open_offers")
def set_offers(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Counts, sets the budget, or opens an offer."""
    here, now, by = redirect("offers", incident_id=incident.pk), timezone.now(), request.user
    if offer := request.POST.get("open", ""):
        return do(request, lambda: desk.open_offer(incident, offer, by=by, now=now), _("Open to everybody with this harm."), here)  # type: ignore[arg-type]
    if "budget" in request.POST:
        amount = amount_of(request.POST["budget"])
        if amount is NO_AMOUNT:
            messages.error(request, _("This is not an amount. Write digits only, such as 120, or leave it empty."))
            return here
        desk.set_budget(incident, amount, by=by, now=now)  # type: ignore[arg-type]
    else:
        desk.ask_for_count(incident, by=by, now=now)  # type: ignore[arg-type]
    messages.success(request, _("The persons are being counted; look again in a moment."))
    return here


@require_POST
@incident_page("help_people")
def give(request: HttpRequest, incident: Incident, row_id: UUID) -> HttpResponse:
    """Notes that a person has what they were offered."""
    return do(
        request,
        lambda: desk.give_offer(incident, row_id, by=request.user, now=timezone.now()),  # type: ignore[arg-type]
        _("Noted."),
        redirect("offers", incident_id=incident.pk),
    )


# ---- calls ----


@require_GET
@incident_page("help_people")
def calls(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Whom must we call? Names and numbers are shown, so that opening the list is a line in the journal."""
    if incident.wrapped_keys is None:
        return redirect("desk", incident_id=incident.pk)
    found = queries.calls(incident)
    if found:
        journal.write(incident, act="calls.read", at=timezone.now(), by=request.user, what={"n": len(found)})  # type: ignore[arg-type]
    given = {"incident": incident, "calls": found, "n": queries.numbers(incident, now=timezone.now())}
    return render(request, "care/calls.html", given | WORDS)


@require_POST
@incident_page("help_people")
def move(request: HttpRequest, incident: Incident, call_id: UUID) -> HttpResponse:
    """Notes what became of a call."""
    return do(
        request,
        lambda: desk.move_call(incident, call_id, request.POST.get("becomes", ""), by=request.user, now=timezone.now()),  # type: ignore[arg-type]
        _("Noted."),
        redirect("calls", incident_id=incident.pk),
    )
