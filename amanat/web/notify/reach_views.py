"""The reach board person by person, as a file; and by kind of harm."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBadRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from amanat.web import scratch
from amanat.web.accounts.pages import incident_page
from amanat.web.notify import reach_export
from amanat.web.respond import journal
from amanat.web.respond.models import Incident

WHY_MAX = 500
HARMS = {
    "identity": _("Identity"),
    "contact": _("Contact"),
    "credentials": _("Passwords and keys"),
    "money": _("Money"),
    "health": _("Health"),
    "location": _("Whereabouts"),
    "life": _("Private and working life"),
    "service": _("Service that failed"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@incident_page("export_people")
def reach_file(request: HttpRequest, incident: Incident) -> HttpResponseBase:
    """Every person and channel with what became of it, for a written reason that stands in the journal."""
    given: dict[str, Any] = {"incident": incident, "why_max": WHY_MAX, "columns": reach_export.COLUMNS}
    if request.method != "POST":
        return render(request, "notify/reach_file.html", given)
    form, why = request.POST.get("form", ""), request.POST.get("why", "").strip()[:WHY_MAX]
    if form not in reach_export.FORMATS:
        return HttpResponseBadRequest()
    if not why:
        return render(request, "notify/reach_file.html", given | {"is_without_reason": True}, status=400)
    incident.keys()  # erased persons have no list
    journal.write(incident, act="reach.exported", at=timezone.now(), by=request.user, what={"form": form}, why=why)  # type: ignore[arg-type]
    name, kind = f"reach-{str(incident.pk)[:8]}.{form}", reach_export.FORMATS[form]
    if form == "csv":
        answer: HttpResponseBase = StreamingHttpResponse(reach_export.as_csv(incident), content_type=kind)
    else:
        with scratch.folder("export") as folder:
            reach_export.write_parquet(incident, folder / name)
            answer = FileResponse((folder / name).open("rb"), content_type=kind)  # opened before the folder goes
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def harms_of(incident: Incident, n: int) -> list[dict[str, Any]]:
    """The table by kind of harm; empty for lists so long that a page would wait for it (the file has it), and once persons are erased."""
    if incident.wrapped_keys is None or n > reach_export.AT_ONCE:
        return []
    return [row | {"says": HARMS.get(row["name"], row["name"])} for row in reach_export.by_harm(incident)]
