"""Who needs us? Cases in their order, one answer for many, and cases from e-mails and calls."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from amanat import wording
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.care import desk, queries
from amanat.web.care.acting import TEXT_MAX, WORDS, case_of, do
from amanat.web.care.forms import files_of
from amanat.web.care.models import CaseRow, MasterCase
from amanat.web.respond import journal
from amanat.web.respond.models import Incident


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
    row = case_of(incident, case_id)
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
    row, now, by = case_of(incident, case_id), timezone.now(), request.user
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
    return do(
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
    return do(
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
    return do(
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
        return do(
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


# ---- inside ----


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
