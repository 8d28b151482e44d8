"""What do we say? May it go out? How far is it? Who has not been told?"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import get_authentication_records
from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp, csp_update
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.notify import actions, queries
from amanat.web.notify.models import ApprovalRow
from amanat.web.respond.models import Incident, KeysErased

STATES = {
    "queued": gettext_lazy("waiting"),
    "attempting": gettext_lazy("being handed over"),
    "accepted": gettext_lazy("accepted"),
    "delivered": gettext_lazy("delivered"),
    "opened_page": gettext_lazy("page opened"),
    "refused": gettext_lazy("refused"),
    "bounced": gettext_lazy("came back"),
    "unsure": gettext_lazy("not sure"),
}
COUNSEL = {
    "not_asked": gettext_lazy("Counsel was not asked."),
    "agreed": gettext_lazy("Counsel agreed."),
    "objected": gettext_lazy("Counsel objected."),
}


@incident_page("see")
def notices(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Each letter group's texts side by side, with the facts they rest on and what the gate says."""
    facts = queries.facts_of(incident)
    groups = [
        {
            "name": group,
            "rows": [{"row": row, "sections": queries.sections(row, facts, get_language() or "en"), "findings": row.findings} for row in rows],
        }
        for group, rows in queries.letter_groups(incident).items()
    ]
    return render(request, "notify/notices.html", {"incident": incident, "groups": groups, "band": queries.band(incident)})


@xframe_options_sameorigin
@csp({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": ["data:"], "frame-ancestors": [SELF], "sandbox": [""]})
@incident_page("see")
def sample(request: HttpRequest, incident: Incident, notice_id: str, sample: int) -> HttpResponse:
    """The mail as an invented person sees it, for a frame that can do nothing but show it."""
    previews = notify.previews(_notice(incident, notice_id), queries.company_of(incident), on=timezone.localdate())
    if not 0 <= sample < len(previews):
        raise Http404
    return HttpResponse(previews[sample].html)


@incident_page("see")
def letter(request: HttpRequest, incident: Incident, notice_id: str) -> HttpResponse:
    """The letter of the first invented person as PDF."""
    with tempfile.TemporaryDirectory() as folder:
        [path] = notify.write_sample_letters([_notice(incident, notice_id)], queries.company_of(incident), _with_notice(folder, notice_id))
        return HttpResponse(path.read_bytes(), content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{notice_id}.pdf"'})


@csp_update({"frame-src": [SELF]})
@incident_page("see")
def approve(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Everything that a person must know before putting their name to it, and the place to sign."""
    now = timezone.now()
    context: dict[str, Any] = {"incident": incident, "now": now, "band": queries.band(incident)}
    if incident.wrapped_keys is None:
        context["is_erased"] = True
    if incident.wrapped_keys is None or not queries.newest_notices(incident):
        return render(request, "notify/approve.html", context)
    planned = queries.planned(incident)
    standing = queries.standing_approval(incident)
    is_current = standing is not None and planned.covers(standing)
    company = queries.company_of(incident)
    individual = [n for n in planned.notices if n.audience == "individuals"]
    may_sign = permissions.may(request.user, "write_notices", incident)
    may_countersign = permissions.may(request.user, "approve_notices", incident)
    is_author = standing is not None and standing.author_id == request.user.pk
    context |= {
        "planned": planned,
        "by": queries.by(planned),
        "left_out": queries.left_out(planned),
        "n_left_out": planned.plan.left_out.num_rows,
        "doubts": queries.doubts(incident),
        "n_blocking": queries.n_blocking(planned.rows),
        "n_advice": sum(len(row.findings) for row in planned.rows) - queries.n_blocking(planned.rows),
        "counsel": _counsel(queries.facts_of(incident).get("counsel_on_apology")),
        "samples": [{"notice": n, "previews": notify.previews(n, company, on=timezone.localdate())} for n in individual],
        "standing": standing if is_current else None,
        "is_outdated": standing is not None and not is_current,
        "is_author": is_author,
        "can_sign": may_sign and not is_current and planned.n > 0,
        "can_countersign": may_countersign and is_current and standing is not None and standing.approver is None and not is_author,
    }
    return render(request, "notify/approve.html", context)


@require_POST
@incident_page("write_notices")
def sign(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The author's signature."""

    def act() -> None:
        actions.sign(incident, now_planned=queries.planned(incident), typed=_typed(request), by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Signed. Now a different person looks at this page and countersigns."))

    return _signing(request, incident, act, goes_to="approve")


@require_POST
@incident_page("approve_notices")
def countersign(request: HttpRequest, incident: Incident, approval_id: UUID) -> HttpResponse:
    """The other's signature, after which messages leave."""

    def act() -> None:
        actions.countersign(
            incident,
            approval_id,
            now_planned=queries.planned(incident),
            typed=_typed(request),
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        messages.success(request, _("Approved. Sending has begun; it can be stopped at any moment."))

    return _signing(request, incident, act, goes_to="sending")


@incident_page("see")
def sending(request: HttpRequest, incident: Incident) -> HttpResponse:
    """How far sending has come; the page asks for its middle again every two seconds."""
    approval = ApprovalRow.objects.filter(incident=incident).exclude(approved_at=None).order_by("-approved_at").first()
    course = queries.course(approval, now=timezone.now()) if approval else None
    context = {
        "incident": incident,
        "approval": approval,
        "course": course,
        "states": [(STATES[state], n) for state, n in course.states] if course else [],
        "can_stop": permissions.may(request.user, "stop_sending", incident),
        "can_go_on": permissions.may(request.user, "approve_notices", incident),
        "band": queries.band(incident),
    }
    is_part = bool(getattr(request, "htmx", False))
    return render(request, "notify/course.html" if is_part else "notify/sending.html", context)


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


@incident_page("see")
def reach(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Reached and left by channel, country and language."""
    board = queries.board(incident)
    chart = [{"name": row["place"] or "?", "reached": row["n_reached"], "left": row["n_left"]} for row in board["place"]]
    context = {"incident": incident, "board": board, "chart": chart, "band": queries.band(incident)}
    return render(request, "notify/reach.html", context)


# ---- inside ----


def _signing(request: HttpRequest, incident: Incident, act: Callable[[], None], *, goes_to: str) -> HttpResponse:
    page = reverse("approve", kwargs={"incident_id": incident.pk})
    if not _proved_lately(request):
        # A signature is worth what the log-in behind it is worth.
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


def _proved_lately(request: HttpRequest) -> bool:
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - max(r["at"] for r in records) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def _refusal(code: str) -> str:
    says = {
        "number": _("The number you typed is not the number of recipients. Nothing was signed."),
        "signed": _("These texts and this list are signed already."),
        "gone": _("This approval is no longer open. Look at the page again."),
        "same": _("Whoever signed or wrote it cannot approve it. A different person must."),
        "changed": _("Texts or recipients have changed since the author signed. The author must sign again."),
    }
    return says[code]


def _typed(request: HttpRequest) -> str:
    return str(request.POST.get("typed", ""))[:40]


def _notice(incident: Incident, notice_id: str) -> Any:
    row = next((r for r in queries.newest_notices(incident) if r.notice_id == notice_id), None)
    if row is None:
        raise Http404
    return notify.notice_from(row.content)


def _with_notice(folder: str, notice_id: str) -> Path:
    (Path(folder) / "notices" / notice_id).mkdir(parents=True)
    return Path(folder)


def _counsel(fact: Any) -> str:
    return str(COUNSEL.get(str(fact.value), "")) if fact is not None else ""
