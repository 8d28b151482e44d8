"""Is trust coming back?"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from amanat import trust
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.languages import LANGUAGES
from amanat.web.respond.models import Incident
from amanat.web.trust import actions, queries
from amanat.web.trust.forms import UPLOAD_MAX_BYTES, MeasureForm
from amanat.web.trust.models import TrustReport
from amanat.web.uploads import takes_large_files

# How a number stands -> its colour: green only for what everybody was counted for.
COLOURS = {"identified": "info", "described": "", "counted": "done", "not_identified": "wait", "cannot_say": "wait"}


@require_GET
@incident_page("see")
def measures(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Every measure with its interval and its comparison, or why it has none."""
    return _page(request, incident, MeasureForm(has_folder=queries.events_of_folder(incident) is not None))


@require_POST
@incident_page("run")
@takes_large_files(UPLOAD_MAX_BYTES)
def measure(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Asks the worker to measure."""
    form = MeasureForm(request.POST, request.FILES, has_folder=queries.events_of_folder(incident) is not None)
    if not form.is_valid():
        return _page(request, incident, form)
    given = form.cleaned_data
    _report, is_new = actions.ask(incident, by=request.user, now=timezone.now(), since=given["since"], uploaded=given["events"])
    if not is_new:
        messages.warning(request, gettext("A measurement is under way already; what you gave was not used."))
    return redirect("measures", incident_id=incident.pk)


@require_GET
@incident_page("see")
def board_paper(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The same for the board, as a PDF in the language of the page."""
    row = queries.newest_done(incident)
    if row is None:
        raise Http404
    answer = HttpResponse(trust.board_paper(row.content, language=_language(), company=incident.title), content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="trust.pdf"'
    return answer


def _page(request: HttpRequest, incident: Incident, form: MeasureForm) -> HttpResponse:
    row, last = queries.newest_done(incident), queries.newest(incident)
    return render(
        request,
        "trust/measures.html",
        _shown(row, last)
        | {
            "incident": incident,
            "form": form,
            "has_folder": queries.events_of_folder(incident) is not None,
            "may_run": permissions.may(request.user, "run", incident),
            "colours": COLOURS,
        },
        status=422 if form.errors else 200,
    )


def _shown(row: TrustReport | None, last: TrustReport | None) -> dict[str, object]:
    told = trust.sentences(row.content, _language()) if row else None
    return {"row": row, "last": last, "told": told}


def _language() -> str:
    tag = (get_language() or "en").split("-")[0]
    return tag if tag in dict(LANGUAGES) else "en"
