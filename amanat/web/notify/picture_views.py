"""Pictures and films of the next statement: attach one, look at it, take it back."""

from uuid import UUID

from csp.constants import NONE
from csp.decorators import csp
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from amanat.web.accounts.pages import incident_page
from amanat.web.languages import LANGUAGES
from amanat.web.notify import pictures
from amanat.web.respond.models import Incident


@require_POST
@incident_page("write_notices")
def attach_picture(request: HttpRequest, incident: Incident) -> HttpResponse:
    """One picture or film, with what it shows in each language."""
    try:
        file = request.FILES.get("picture")
        if file is None:
            raise pictures.NotTaken("none")
        shows = {language: str(request.POST.get(f"shows_{language}", ""))[: pictures.SHOWS_MAX] for language, _name in LANGUAGES}
        pictures.attach(incident, file.read(), name=file.name or "", shows=shows, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        messages.success(request, _("Attached. It goes out with the next statement that two people sign."))
    except pictures.NotTaken as error:
        messages.error(request, _refusal(str(error)))
    return redirect("statements", incident_id=incident.pk)


@require_POST
@incident_page("write_notices")
def remove_picture(request: HttpRequest, incident: Incident, picture_id: UUID) -> HttpResponse:
    """Takes one back before it went out."""
    pictures.remove(incident, picture_id, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    messages.success(request, _("Taken off."))
    return redirect("statements", incident_id=incident.pk)


@csp({"default-src": [NONE], "sandbox": [""]})
@require_safe
@incident_page("see")
def picture_file(request: HttpRequest, incident: Incident, picture_id: UUID) -> HttpResponse:
    """One as it was attached."""
    one = next((one for one in pictures.attached(incident) if one.row.pk == picture_id), None)
    if one is None:
        raise Http404
    way = "attachment" if one.is_film else "inline"
    answer = HttpResponse(one.picture.content, content_type=one.row.media_type, headers={"Content-Disposition": f'{way}; filename="{one.row.name}"'})
    answer["Cache-Control"] = "no-store"
    return answer


def _refusal(code: str) -> str:
    says = {
        "none": _("Choose a picture or film first."),
        "undescribed": _("Say in every language what it shows: whoever cannot see it reads that instead."),
        "too_large": _("It is larger than we take. Make it smaller, then attach it again."),
        "unreadable": _("It cannot be read as a picture or film of a sort that we take (PNG, JPEG, WebP, MP4)."),
        "tells": _("It says where, when or with what it was taken. Take that out (export it without metadata), then attach it again."),
        "many": _("There are as many as the networks take. Take one off first."),
    }
    return says[code]
