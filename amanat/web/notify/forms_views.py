"""Which form goes to which authority? Forms filled from the case, what they lack, and what was handed in."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.notify import forms_actions as actions
from amanat.web.notify import forms_queries as queries
from amanat.web.notify.forms_input import EntryForm, HandInForm
from amanat.web.notify.forms_models import SubmissionRow
from amanat.web.notify.queries import company_of
from amanat.web.respond.models import Incident


@require_safe
@incident_page("see")
def forms(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The forms that duties wait for, the nearest deadline first; with `?duty=` those that answer this duty."""
    now = timezone.now()
    given: dict[str, Any] = {"incident": incident, "now": now, "duty": request.GET.get("duty", "")[:120], "tongue": _tongue()}
    try:
        case = queries.case_of(incident)
        found = queries.standings(incident, case, now=now) if case else []
    except Fixable as error:
        return render(request, "notify/forms.html", given | {"trouble": str(error)})
    if case is None:
        return render(request, "notify/forms.html", given)
    mine = [one for one in found if given["duty"] in one.form.duties] if given["duty"] else [one for one in found if one.due or one.last]
    rest = [one for one in found if one not in mine]
    return render(request, "notify/forms.html", given | {"has_case": True, "mine": mine, "rest": rest})


@require_safe
@incident_page("see")
def form(request: HttpRequest, incident: Incident, form_id: str) -> HttpResponse:
    """One form: what is missing first, then every field with its value and what that rests on."""
    one, case, document = _filled(request, incident, form_id)
    if case is None:
        return redirect("forms", incident_id=incident.pk)
    sent = queries.submissions(incident, one.id)
    parts = notify.form_parts(one, document, language=_tongue())
    states = {duty.id: duty.state for duty in case.assessment.duties}
    given = {
        "incident": incident,
        "form": one,
        "due": sorted(duty for duty in one.duties if states.get(duty) == "due"),
        "document": document,
        "phase": one.phase_of(document.phase),
        "parts": parts,
        "lacking": [line for part in parts for line in part.lines if line.filled.is_lacking],
        "changed": {change.id for change in document.changes},
        "changes": _changes(one, document),
        "sent": sent,
        "tongue": _tongue(),
        "now": timezone.now(),
        "may_fill": permissions.may(request.user, "fill_forms", incident),
        "hand_in": HandInForm(initial={"submitted_at": timezone.localtime()}),
    }
    return render(request, "notify/forms_one.html", given)


@require_safe
@incident_page("see")
def form_pdf(request: HttpRequest, incident: Incident, form_id: str) -> HttpResponse:
    """The form as PDF, in the form's own language."""
    one, case, document = _filled(request, incident, form_id)
    if case is None:
        raise Http404
    return _pdf(one, document, notify.form_pdf(one, document, case.company, on=timezone.localdate()))


@require_safe
@incident_page("see")
def form_json(request: HttpRequest, incident: Incident, form_id: str) -> HttpResponse:
    """The form for machines."""
    one, case, document = _filled(request, incident, form_id)
    if case is None:
        raise Http404
    return _json(one, notify.document_as_json(document))


@require_http_methods(["GET", "HEAD", "POST"])
@incident_page("fill_forms")
def form_field(request: HttpRequest, incident: Incident, form_id: str, field_id: str) -> HttpResponse:
    """One field by hand: the answer with its reason, or back to what amanat found."""
    one, case, document = _filled(request, incident, form_id)
    field = next((field for field in one.field if field.id == field_id), None)
    if field is None or case is None:
        raise Http404
    back = f"{reverse('form', args=[incident.pk, one.id])}?{_query(document)}#field-{field.id}"
    if request.method == "POST" and "take_back" in request.POST:
        actions.take_back(incident, one, field.id, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, gettext("What amanat finds counts again."))
        return redirect(back)
    present = next((filled.value for filled in document.fields if filled.id == field.id), None)
    typed = EntryForm(request.POST or None, field=field, label=field.label[_tongue()], value=present, zone=one.zone)
    if request.method == "POST" and typed.is_valid():
        why = typed.cleaned_data["why"]
        actions.enter(incident, one, field.id, value=typed.value, why=why, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, gettext("Noted, with your name."))
        return redirect(back)
    is_by_hand = field.id in queries.entries_of(incident, one.id)
    given = {"incident": incident, "form": one, "field": field, "entry": typed, "is_by_hand": is_by_hand, "back": back, "tongue": _tongue()}
    line = next((line for part in notify.form_parts(one, document, language=_tongue()) for line in part.lines if line.field.id == field.id), None)
    return render(request, "notify/forms_field.html", given | {"line": line})


@require_POST
@incident_page("fill_forms")
def form_hand_in(request: HttpRequest, incident: Incident, form_id: str) -> HttpResponse:
    """Somebody handed the form in, and says when and under which number."""
    typed = HandInForm(request.POST)
    one, case, document = _filled(request, incident, form_id)
    if case is None:
        raise Http404
    page = f"{reverse('form', args=[incident.pk, one.id])}?{_query(document)}"
    if not typed.is_valid():
        messages.error(request, " ".join(str(error) for errors in typed.errors.values() for error in errors))
        return redirect(page)
    at = typed.cleaned_data["submitted_at"]
    sent = queries.submissions(incident, one.id)
    # As it stood when it was handed in: whether it was late is judged by that moment.
    handed_in = queries.fill(incident, one, case, sent, phase=document.phase, language=document.language, now=at)
    reference = typed.cleaned_data["reference"]
    actions.hand_in(incident, one, handed_in, submitted_at=at, reference=reference, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    messages.success(request, gettext("Kept as it was handed in. The duty itself is marked as done on the page of duties."))
    return redirect("form", incident_id=incident.pk, form_id=one.id)


@require_safe
@incident_page("see")
def form_sent(request: HttpRequest, incident: Incident, submission_id: UUID) -> HttpResponse:
    """A form as it was handed in; with `?as=pdf` or `?as=json` as a file."""
    row = SubmissionRow.objects.filter(incident=incident, pk=submission_id).select_related("by").first()
    if row is None or row.form not in notify.all_forms():
        raise Http404
    one, document = notify.form_named(row.form), notify.document_from_json(row.document)
    if request.GET.get("as") == "json":
        return _json(one, row.document)
    if request.GET.get("as") == "pdf":
        return _pdf(one, document, notify.form_pdf(one, document, company_of(incident), on=timezone.localdate(row.submitted_at)))
    parts = notify.form_parts(one, document, language=_tongue())
    given = {
        "incident": incident,
        "row": row,
        "form": one,
        "phase": one.phase_of(row.phase),
        "document": document,
        "parts": parts,
        "changes": _changes(one, document),
        "may_fill": permissions.may(request.user, "fill_forms", incident),
        "tongue": _tongue(),
    }
    return render(request, "notify/forms_sent.html", given)


@require_POST
@incident_page("fill_forms")
def form_number(request: HttpRequest, incident: Incident, submission_id: UUID) -> HttpResponse:
    """The number that the authority gave, where it came later."""
    reference = request.POST.get("reference", "").strip()[:120]
    if not actions.note_reference(incident, submission_id, reference=reference, by=request.user, now=timezone.now()):  # type: ignore[arg-type]
        raise Http404
    messages.success(request, gettext("Noted."))
    return redirect("form_sent", incident_id=incident.pk, submission_id=submission_id)


# ---- inside ----


def _filled(request: HttpRequest, incident: Incident, form_id: str) -> tuple[notify.Form, Any, Any]:
    """The form, the case, and the document for the phase and language that the address names; the case is None while there is none."""
    try:
        one = notify.form_named(form_id)
    except Fixable:
        raise Http404 from None
    try:
        case = queries.case_of(incident)
    except Fixable:  # the list of the forms, where this leads, says what is wrong
        case = None
    if case is None:
        return one, None, None
    sent = queries.submissions(incident, one.id)
    states = {duty.id: duty.state for duty in case.assessment.duties}
    phases, asked = {phase.id for phase in one.phase}, request.GET.get("phase", "")
    phase = asked if asked in phases else queries.next_phase(one, sent, states)
    language = request.GET.get("lang", "")
    language = language if language in one.languages else ""
    return one, case, queries.fill(incident, one, case, sent, phase=phase, language=language, now=timezone.now())


def _changes(one: notify.Form, document: Any) -> list[dict[str, str]]:
    """Each change with the label of its field and both values in words."""
    fields = {field.id: field for field in one.field}

    def shown(field: Any, value: Any) -> str:
        return notify.form_shown(field, value, one.zone, _tongue())

    known = [(fields[change.id], change) for change in document.changes if change.id in fields]
    return [
        {"label": field.label[_tongue()], "id": field.id, "before": shown(field, change.before), "after": shown(field, change.after)}
        for field, change in known
    ]


def _query(document: Any) -> str:
    return f"phase={document.phase}&lang={document.language}"


def _tongue() -> str:
    return get_language() or "en"


def _pdf(one: notify.Form, document: Any, content: bytes) -> HttpResponse:
    name = f'inline; filename="{one.id}-{document.phase}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": name})


def _json(one: notify.Form, content: dict[str, Any]) -> HttpResponse:
    answer = JsonResponse(json.loads(json.dumps(content)), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="{one.id}-{content["phase"]}.json"'
    return answer
