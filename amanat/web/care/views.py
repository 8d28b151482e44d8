"""Who needs us? The desk: cases in their order, claims by their date, offers and their ledger, calls to who depends on us."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
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

from amanat import wording
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.care import desk, queries
from amanat.web.care.forms import files_of, latin_digits
from amanat.web.care.models import CaseRow, ClaimRow, MasterCase
from amanat.web.care.words import (
    CALL_STATES,
    CALL_WHYS,
    CASE_STATES,
    CHANNELS,
    CLAIM_STATES,
    LINKS,
    MAIL_STATES,
    OFFER_STATES,
    REASONS,
    SURVEY,
    URGENCIES,
)
from amanat.web.respond import journal
from amanat.web.respond.models import Incident

TEXT_MAX = 5000
WORDS = {
    "urgencies": URGENCIES,
    "case_states": CASE_STATES,
    "channels": CHANNELS,
    "claim_states": CLAIM_STATES,
    "links": LINKS,
    "reasons": REASONS,
    "offer_states": OFFER_STATES,
    "call_states": CALL_STATES,
    "call_whys": CALL_WHYS,
    "mail_states": MAIL_STATES,
    "survey_words": SURVEY,
}


@require_GET
@incident_page("help_people")
def who_needs_us(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Open cases in the order in which they are served, and everything else that waits for a person."""
    given = {
        "incident": incident,
        "now": timezone.now(),
        "n": queries.numbers(incident, now=timezone.now()),
        "queue": queries.queue(incident),
        "claims": queries.claims(incident),
        "masters": queries.masters(incident),
        "mails": queries.mails(incident),
        "figures": queries.survey(incident),
        "is_erased": incident.wrapped_keys is None,
    }
    return render(request, "care/desk.html", given | WORDS)


@require_GET
@incident_page("help_people")
def case(request: HttpRequest, incident: Incident, case_id: UUID) -> HttpResponse:
    """One case: what was said, whose it is, and the place to answer. Opening it is a line in the journal."""
    row = _case(incident, case_id)
    if incident.wrapped_keys is None:
        raise Http404
    journal.write(incident, act="case.read", at=timezone.now(), by=request.user, what={"case": str(row.pk)})  # type: ignore[arg-type]
    given = {
        "incident": incident,
        "row": row,
        "now": timezone.now(),
        "masters": queries.masters(incident),
        "can_decide": permissions.may(request.user, "decide_claims", incident),
        **queries.case(incident, row),
    }
    return render(request, "care/case.html", given | WORDS)


@require_POST
@incident_page("help_people")
def answer(request: HttpRequest, incident: Incident, case_id: UUID) -> HttpResponse:
    """Answers a case, closes it, or hangs it on a master case."""
    row, now, by = _case(incident, case_id), timezone.now(), request.user
    what = request.POST.get("do", "answer")
    if what == "close":
        desk.close_case(incident, row.pk, by=by, now=now)  # type: ignore[arg-type]
        return redirect("desk", incident_id=incident.pk)
    if what == "join":
        master = _uuid(request.POST.get("master", ""))
        if master and not MasterCase.objects.filter(pk=master, incident=incident).exists():
            raise Http404
        desk.join_master(incident, row.pk, master, by=by, now=now)  # type: ignore[arg-type]
        return redirect("case", incident_id=incident.pk, case_id=row.pk)
    return _act(
        request,
        lambda: desk.answer_case(incident, row.pk, request.POST.get("text", "")[:TEXT_MAX], by=by, now=now),  # type: ignore[arg-type]
        _("Answered. The person gets a mail that says only that an answer waits."),
        redirect("case", incident_id=incident.pk, case_id=row.pk),
    )


@require_POST
@incident_page("help_people")
def note_call(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Opens a case from a telephone call."""
    if incident.wrapped_keys is None:
        raise Http404
    who, text = request.POST.get("who", "")[:320], request.POST.get("text", "")[:TEXT_MAX]
    return _act(
        request,
        lambda: desk.note_call(incident, who, text, by=request.user, now=timezone.now()),  # type: ignore[arg-type]
        _("The call is a case now."),
        redirect("desk", incident_id=incident.pk),
    )


@require_POST
@incident_page("help_people")
def new_master(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Opens a master case."""
    title = request.POST.get("title", "")
    return _act(
        request,
        lambda: desk.open_master(incident, title, by=request.user, now=timezone.now()),  # type: ignore[arg-type]
        _("Opened. Hang cases on it from their own pages."),
        redirect("desk", incident_id=incident.pk),
    )


@incident_page("help_people")
def master(request: HttpRequest, incident: Incident, master_id: UUID) -> HttpResponse:
    """One question that many asked; its answer goes to each of them by name and in their language."""
    row = MasterCase.objects.filter(pk=master_id, incident=incident).first()
    if row is None:
        raise Http404
    languages = list(wording.languages().items())
    if request.method == "POST":
        texts = {tag: request.POST.get(f"text-{tag}", "")[:TEXT_MAX] for tag, _name in languages}
        return _act(
            request,
            lambda: desk.answer_master(incident, row.pk, texts, by=request.user, now=timezone.now()),  # type: ignore[arg-type]
            _("Answered. Each person gets it by name and in their language."),
            redirect("master", incident_id=incident.pk, master_id=row.pk),
        )
    cases = CaseRow.objects.filter(master=row).order_by("state", "due_at")
    given = {
        "incident": incident,
        "row": row,
        "cases": cases[: queries.SHOWN],
        "n_open": cases.filter(state="open").count(),
        "in_languages": languages,
    }
    return render(request, "care/master.html", given | WORDS)


@require_POST
@incident_page("help_people")
def bring(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Takes e-mails as files; the worker reads them."""
    files = files_of(request)
    if not files or incident.wrapped_keys is None:
        messages.error(request, _("Choose one to five files of at most 4 MB each."))
    else:
        desk.bring_mails(incident, [content for _name, content in files], by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("The mails are being read; each becomes a case within a minute."))
    return redirect("desk", incident_id=incident.pk)


# ---- claims ----


@require_POST
@incident_page("decide_claims")
def decide(request: HttpRequest, incident: Incident, case_id: UUID, claim_id: UUID) -> HttpResponse:
    """The decision on a claim, or that its money has left."""
    row, now, by = _case(incident, case_id), timezone.now(), request.user
    if not ClaimRow.objects.filter(pk=claim_id, case=row).exists():
        raise Http404
    here = redirect("case", incident_id=incident.pk, case_id=row.pk)
    if request.POST.get("state") == "paid":
        return _act(request, lambda: desk.pay_claim(incident, claim_id, by=by, now=now), _("Noted as paid."), here)  # type: ignore[arg-type]
    amount = _amount(request.POST.get("reimburse_eur", ""))
    if amount is NO_AMOUNT:
        messages.error(request, _("This is not an amount. Write digits only, such as 120, or leave it empty."))
        return here
    return _act(
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
        return _act(request, lambda: desk.open_offer(incident, offer, by=by, now=now), _("Open to everybody with this harm."), here)  # type: ignore[arg-type]
    if "budget" in request.POST:
        amount = _amount(request.POST["budget"])
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
    return _act(
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
    return _act(
        request,
        lambda: desk.move_call(incident, call_id, request.POST.get("becomes", ""), by=request.user, now=timezone.now()),  # type: ignore[arg-type]
        _("Noted."),
        redirect("calls", incident_id=incident.pk),
    )


# ---- inside ----

NO_AMOUNT = Decimal(-1)


def _case(incident: Incident, case_id: UUID) -> CaseRow:
    row = CaseRow.objects.select_related("person", "master", "incident", "answered_by").filter(pk=case_id, incident=incident).first()
    if row is None:
        raise Http404
    return row


def _act(request: HttpRequest, act: Callable[[], Any], done: str, goes_to: HttpResponse) -> HttpResponse:
    says = {
        "empty": _("Write something first. Nothing was sent."),
        "language": _("The answer in the company’s own language is missing. Nothing was sent."),
        "state": _("This does not follow from what was before. Look at the page again."),
        "budget": _("The budget does not hold this offer for everybody. Raise it, or leave the offer closed."),
        "nobody": _("Nobody in this incident has this code, number or address. Nothing was kept."),
        "paid": _("There is nothing to pay, or it was paid already."),
    }
    try:
        act()
    except desk.NotNow as error:
        messages.error(request, says[str(error)])
    except ObjectDoesNotExist:
        raise Http404 from None
    else:
        messages.success(request, done)
    return goes_to


def _amount(text: str) -> Decimal | None:
    """An amount in euros, None for nothing, NO_AMOUNT for what is none."""
    plain = "".join(c for c in latin_digits(text) if not c.isspace() and c != "€").replace(",", ".")
    if not plain:
        return None
    try:
        amount = Decimal(plain)
    except ArithmeticError:
        return NO_AMOUNT
    return amount.quantize(Decimal("0.01")) if amount.is_finite() and 0 <= amount < Decimal(10**11) else NO_AMOUNT


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
