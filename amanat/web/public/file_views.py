"""Pages about files: is this one really from us, and what did we release?"""

from dataclasses import asdict

from csp.constants import NONE
from csp.decorators import csp
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from amanat.web.accounts.pages import open_page
from amanat.web.notify.models import ArtefactRow
from amanat.web.public import files, strangers
from amanat.web.public.models import CAME_BY
from amanat.web.public.steady import same_for_everyone
from amanat.web.respond import signing

# Whatever a file holds, it may load and do nothing here.
_ALONE = {"default-src": [NONE], "frame-ancestors": [NONE], "sandbox": [""]}
SHOWN = ("image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain; charset=utf-8")  # a browser opens these; all others are saved
FETCHED_SECONDS = 300  # what was withdrawn meanwhile is still handed out for so long by whoever keeps it


@csrf_exempt  # it changes nothing, and its answer is the same for everyone: there is nothing to forge
@never_cache
@open_page
def verify_file(request: HttpRequest) -> HttpResponse:
    """Is this picture or file really from us?"""
    if request.method != "POST":
        return _entrance(request)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")

    def refuse(says: str, status: int, *, is_soon: bool = False) -> HttpResponse:
        given = {"error": says}
        page = JsonResponse(given, status=status) if wants_json else render(request, "public/verify_file.html", given, status=status)
        if is_soon:
            page["Retry-After"] = "60"
        return page

    if strangers.is_too_often(request, strangers.FILES):
        return refuse(_("Too many tries from your connection. Wait a minute, then try again."), 429, is_soon=True)
    file = request.FILES.get("file")
    if file is None:
        return refuse(_("Choose a file first."), 400)
    try:
        told = files.look_at(file.read())
    except files.Busy:
        return refuse(_("Many people are having files looked at right now. Wait a minute, then try again."), 503, is_soon=True)
    if told.state in ("unknown", "changed"):
        strangers.note_file(request, told.sha256, now=timezone.now())
    if wants_json:
        return JsonResponse(asdict(told))
    # Whoever hands it to us as a fake need not describe it; the file itself is kept by nobody.
    text = f"SHA-256 {told.sha256}" + (f" · {told.kind}" if told.kind else "") if told.state in ("unknown", "changed") else ""
    return render(request, "public/verify_file.html", {"told": told, "text": text, "came_by": CAME_BY})


@same_for_everyone
def _entrance(request: HttpRequest) -> HttpResponse:
    return render(request, "public/verify_file.html")


@require_safe
@open_page
@same_for_everyone
def released(request: HttpRequest) -> HttpResponse:
    """What did we release? Texts and pictures as they went out, to be fetched and compared."""
    language = get_language() or "en"
    found = []
    for one in files.released():
        rows = [(row, _plain(row.name), _shown(row, language)) for row in one.files]
        said = language if language in one.titles else next(iter(one.titles))
        mine = [row for row in rows if row[0].language in ("", said)]
        found.append({"said": said, "title": one.titles[said], "one": one, "mine": mine, "others": [row for row in rows if row not in mine]})
    return render(request, "public/released.html", {"releases": found})


def _plain(name: str) -> str:
    return name.replace("/", "-")


def _shown(row: ArtefactRow, language: str) -> str:
    return row.shows.get(language) or next(iter(row.shows.values()), "")


@csp(_ALONE)
@require_safe
@open_page
def released_file(request: HttpRequest, sha256: str, name: str) -> HttpResponse:
    """One released file, byte for byte."""
    row = files.file_of(sha256)
    if row is None or _plain(row.name) != name:
        raise Http404
    way = "inline" if row.media_type in SHOWN else "attachment"
    answer = HttpResponse(bytes(row.content), content_type=row.media_type, headers={"Content-Disposition": f'{way}; filename="{name}"'})
    answer["Cache-Control"] = f"public, max-age={FETCHED_SECONDS}"
    return answer


@require_safe
@open_page
@same_for_everyone
def certificate(request: HttpRequest) -> HttpResponse:
    """The authority under which our pictures are signed inside (C2PA), for other programs."""
    return HttpResponse(signing.published_certificates(), content_type="application/x-pem-file")
