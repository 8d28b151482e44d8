"""May it go out? How far is it? Who has not been told?"""

import tempfile
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from amanat.lib.errors import Fixable
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page, proved_lately
from amanat.web.notify import actions, costs, plans, queries, texts
from amanat.web.notify import board as reach_board
from amanat.web.notify.models import ApprovalRow, NoticeRow
from amanat.web.notify.proof import write_pack
from amanat.web.notify.reach_views import harms_of
from amanat.web.respond.models import Incident, KeysErased
from amanat.web.respond.signing import JournalChanged
from amanat.web.templatetags import names

COUNSEL = {
    "not_asked": gettext_lazy("Counsel was not asked."),
    "agreed": gettext_lazy("Counsel agreed."),
    "objected": gettext_lazy("Counsel objected."),
}


@require_safe
@csp_update({"frame-src": [SELF]})
@incident_page("see")
def approve(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Everything that a person must know before putting their name to it, and the place to sign."""
    now = timezone.now()
    context: dict[str, Any] = {"incident": incident, "now": now, "is_erased": incident.wrapped_keys is None}
    rows = queries.letters(incident)
    if incident.wrapped_keys is None or not rows:
        return render(request, "notify/approve.html", context)
    counts = plans.counts_of(incident, now=now)
    if getattr(request, "htmx", False):
        # The page that waits for the count asks again, and is loaded anew when it is there.
        return HttpResponse(status=204, headers={} if counts is None else {"HX-Refresh": "true"})
    if counts is None:
        actions.ask_for_counts(incident)
        return render(request, "notify/approve.html", context | {"is_counting": True})
    return render(request, "notify/approve.html", context | _before_signing(request, incident, rows, counts, now=now))


def _before_signing(request: HttpRequest, incident: Incident, rows: list[NoticeRow], counts: plans.Counts, *, now: datetime) -> dict[str, Any]:
    standing = queries.standing_approval(incident)
    is_current = standing is not None and counts.covers(standing)
    company = queries.company_of(incident)
    costs_ = costs.estimates(company, counts.channel, counts.dry["units"])
    ends_at = costs.ends_at(costs_, now=now)
    may_sign = permissions.may(request.user, "write_notices", incident)
    may_countersign = permissions.may(request.user, "approve_notices", incident)
    is_author = standing is not None and standing.author_id == request.user.pk
    read = sorted((row for row in rows if row.audience == "individuals"), key=lambda row: -counts.notices.get(row.notice_id, 0))
    return {
        "counts": counts,
        "is_long": plans.is_long(incident),
        "doubts": queries.doubts(incident),
        "n_blocking": queries.n_blocking(rows),
        "n_advice": queries.n_advice(rows),
        "counsel": _counsel(queries.facts_of(incident).get("counsel_on_apology")),
        "costs": costs_,
        "total": costs.total(costs_),
        "has_all_costs": all(one.unit for one in costs_),
        "further": costs.estimates(company, counts.further),
        "ends_at": ends_at,
        "is_too_slow": bool(ends_at and incident.next_deadline_at and ends_at > incident.next_deadline_at),
        "texts": [{"row": row, "n": counts.notices.get(row.notice_id, 0)} for row in read],
        "samples": texts.shown_samples(incident, read[0]) if read else [],
        "standing": standing if is_current else None,
        "is_outdated": standing is not None and not is_current,
        "is_author": is_author,
        "can_sign": may_sign and not is_current and counts.n > 0,
        "can_countersign": may_countersign and is_current and standing is not None and standing.approver is None and not is_author,
        "course": queries.course(standing, now=now) if is_current and standing and standing.approver_id else None,
        "can_stop": permissions.may(request.user, "stop_sending", incident),
    }


@require_POST
@incident_page("write_notices")
def sign(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The author's signature."""

    def act() -> None:
        actions.sign(incident, now_planned=_to_sign(incident), typed=_typed(request), by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Signed. Now a different person looks at this page and countersigns."))

    return _signing(request, incident, act, goes_to="approve")


@require_POST
@incident_page("approve_notices")
def countersign(request: HttpRequest, incident: Incident, approval_id: UUID) -> HttpResponse:
    """The other's signature, after which messages leave."""

    def act() -> None:
        row = actions.countersign(
            incident,
            approval_id,
            now_planned=_to_sign(incident),
            typed=_typed(request),
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        if row.filled_at:
            messages.success(request, _("Approved. Sending has begun; it can be stopped at any moment."))
        else:
            messages.success(request, _("Approved. The list is being prepared, then sending begins; it can be stopped at any moment."))

    return _signing(request, incident, act, goes_to="sending")


@require_safe
@incident_page("see")
def sending(request: HttpRequest, incident: Incident) -> HttpResponse:
    """How far sending has come; the page asks for its middle again every two seconds."""
    approval = ApprovalRow.objects.filter(incident=incident).exclude(approved_at=None).order_by("-approved_at").first()
    course = queries.course(approval, now=timezone.now()) if approval else None
    context = {
        "incident": incident,
        "approval": approval,
        "course": course,
        "can_stop": permissions.may(request.user, "stop_sending", incident),
        "can_go_on": permissions.may(request.user, "approve_notices", incident),
    }
    is_part = bool(getattr(request, "htmx", False))  # then the number in the band comes along, so that both say the same
    return render(request, "notify/course.html" if is_part else "notify/sending.html", {**context, "is_part": is_part})


@require_POST
@incident_page("stop_sending")
def stop(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Stops at once; no further proof is asked, because stopping is always the safer mistake."""
    for approval in ApprovalRow.objects.filter(incident=incident, stopped_at=None, voided_at=None).exclude(approved_at=None):
        actions.stop(approval, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    return redirect("sending", incident_id=incident.pk)


@require_POST
@incident_page("approve_notices")
def go_on(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Sends the rest of what was stopped."""
    approval = queries.standing_approval(incident)
    if approval is not None:
        actions.go_on(approval, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    return redirect("sending", incident_id=incident.pk)


@require_safe
@incident_page("see")
def reach(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Reached and left by channel, country and language; why; and what the next channel costs."""
    now = timezone.now()
    with reach_board.at_one_moment():
        board = reach_board.board(incident)
        harms = harms_of(incident, board["n"])
    counts = plans.counts_of(incident, now=now) if board["n_never"] and incident.wrapped_keys is not None else None
    # The plan knows why it left somebody out; who is on it and was not written to waits for the signatures.
    left_out = counts.left_out if counts else []
    n_waiting = board["n_never"] - (counts.n_left_out if counts else 0)
    n_next = [(row["name"], row["n_open"] + row["n_reserve"]) for row in board["channel"]]
    company = queries.company_of(incident)
    chart = [{"name": names.place(row["name"]), "reached": row["n_reached"], "left": row["n_left"]} for row in board["place"]]
    context = {
        "incident": incident,
        "board": board,
        "left_out": left_out,
        "n_waiting": max(0, n_waiting),
        "is_preparing": queries.preparing(incident).exists(),
        "doubts": queries.doubts(incident),
        "next": [one for one in costs.estimates(company, n_next or (counts.channel if counts else [])) if one.n],
        "harms": harms,
        "unopened_days": company.unopened_days,
        "charts": {"reach": chart, "harm": [{"name": str(row["says"]), "reached": row["n_reached"], "left": row["n_left"]} for row in harms]},
        "can_take_list": permissions.may(request.user, "export_people", incident),
        "can_take_proof": permissions.may(request.user, "see_journal", incident),
    }
    return render(request, "notify/reach.html", context)


@require_POST
@incident_page("see_journal")
def proof(request: HttpRequest, incident: Incident) -> FileResponse | HttpResponse:
    """The proof pack as a ZIP; taking it is noted in the journal."""
    # Millions of receipts do not fit into memory; the file goes when the answer is sent.
    file = tempfile.TemporaryFile()  # noqa: SIM115  the answer closes it
    try:
        write_pack(incident, file, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except JournalChanged:
        messages.error(request, _("No pack was made: the journal is not the one that was signed before. Compare it with an earlier copy."))
        return redirect("reach", incident_id=incident.pk)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="proof.zip", content_type="application/zip")


# ---- inside ----


def _signing(request: HttpRequest, incident: Incident, act: Callable[[], None], *, goes_to: str) -> HttpResponse:
    page = reverse("approve", kwargs={"incident_id": incident.pk})
    if not proved_lately(request):
        messages.warning(request, _("Confirm that it is you, then sign."))
        return redirect(f"{reverse('account_reauthenticate')}?next={page}")
    try:
        act()
    except actions.NotNow as error:
        messages.error(request, _refusal(str(error)))
        return redirect(page)
    except KeysErased:
        return redirect(page)  # the page says why nothing can be signed
    except Fixable as error:
        messages.error(request, str(error))
        return redirect(page)
    return redirect(goes_to, incident_id=incident.pk)


def _refusal(code: str) -> str:
    says = {
        "number": _("The number you typed is not the number of recipients. Nothing was signed."),
        "signed": _("These texts and this list are signed already."),
        "gone": _("This approval is no longer open. Look at the page again."),
        "same": _("Whoever signed or wrote it cannot approve it. A different person must."),
        "changed": _("Texts or recipients have changed since the author signed. The author must sign again."),
        "counting": _("Texts or recipients have changed since you opened the page. Nothing was signed; look at the new count first."),
    }
    return says[code]


def _to_sign(incident: Incident) -> plans.Listed:
    found = plans.to_sign(incident, now=timezone.now())
    if found is None:
        raise actions.NotNow("counting")  # the page that follows asks a worker for it
    return found


def _typed(request: HttpRequest) -> str:
    return str(request.POST.get("typed", ""))[:40]


def _counsel(fact: Any) -> str:
    return str(COUNSEL.get(str(fact.value), "")) if fact is not None else ""
