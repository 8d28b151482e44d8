"""What anyone may see: the status page, and "is this message really from us?"."""

from dataclasses import asdict, replace
from datetime import date

from csp.decorators import csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from amanat import notify
from amanat.lib.signing import list_of
from amanat.lib.tree_head import list_of_heads
from amanat.web.accounts.limits import came_too_often
from amanat.web.accounts.pages import open_page
from amanat.web.public import actions, originals, queries, strangers, verifying
from amanat.web.public.from_file import hand_out
from amanat.web.public.models import CAME_BY
from amanat.web.public.steady import made_from, of_one_size, same_for_everyone
from amanat.web.respond import signing

TEXT_MAX = 20_000


@open_page
def home(request: HttpRequest) -> HttpResponse:
    """Leads to the status page in the reader's language."""
    with override(get_language_from_request(request)):
        return redirect(reverse("status"))


# The page brings its own style, so that it needs no second file; this policy lets in that one and no other.
@csp_update({"style-src": [notify.STYLE_HASH]})
@require_safe
@open_page
def status(request: HttpRequest, name: str = "index.html") -> HttpResponse:
    """What we know, do not know, and do now; what was said before; the feeds; the message for the company's own portal."""
    return hand_out(request, name)


@open_page
@same_for_everyone
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys with which everything of ours is signed, as a file to be kept."""
    return JsonResponse(list_of(signing.published_keys()), json_dumps_params={"indent": 1})


@open_page
@same_for_everyone
def heads(request: HttpRequest) -> HttpResponse:
    """The signed heads of our journals: whoever keeps them sees later whether one was rewritten."""
    return JsonResponse(list_of_heads(queries.published_heads()), json_dumps_params={"indent": 1})


@open_page
@same_for_everyone
def signed_originals(request: HttpRequest) -> HttpResponse:
    """Everything that we released to everybody, by the hash of each file, signed."""
    return HttpResponse(originals.newest() or "{}\n", content_type="application/json")


@csrf_exempt  # it changes nothing, and its answer is the same for everyone: there is nothing to forge
@never_cache
@open_page
def verify(request: HttpRequest) -> HttpResponse:
    """Is this message really from us? The code comes by POST, so that it stands in no log or history."""
    if request.method != "POST":
        return _entrance(request)
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    if strangers.is_too_often(request):
        says = _("Too many tries from your connection. Wait a minute, then try again.")
        if wants_json:
            return JsonResponse({"error": says}, status=429, headers={"Retry-After": "60"})
        page = render(request, "public/verify.html", {"error": says, "came_by": CAME_BY}, status=429)
        page["Retry-After"] = "60"
        return page
    text = request.POST.get("code", "")[:TEXT_MAX]
    way = request.POST.get("came_by", "")
    said = verifying.look_at(text, came_by=way if way in CAME_BY else "")
    strangers.note(request, said, text=text, way=way, now=timezone.now())
    if wants_json:
        return of_one_size(JsonResponse(asdict(said.answer) | {"is_signed": said.is_signed}))
    sent_on = date.fromisoformat(said.answer.sent_on) if said.answer.sent_on else None
    given = {"said": said, "answer": said.answer, "sent_on": sent_on, "came_by": CAME_BY, "way": way if way in CAME_BY else ""}
    given["has_code"] = len(text) <= queries.CODE_MAX or said.strange is not None
    # Whoever pasted a whole message need not paste it again to hand it to us; nothing is kept before they press the button.
    given["text"] = text[: actions.TEXT_MAX] if said.answer.state == "unknown" and len(text) > queries.CODE_MAX else ""
    if given["text"] or said.foreign:
        return of_one_size(render(request, "public/verify.html", given))
    # Which code it was stands neither on the page nor in what it is kept by.
    of = (replace(said, strange=None, copied=None), given["has_code"], given["way"])
    return of_one_size(made_from(request, of, lambda: render(request, "public/verify.html", given)))


@same_for_everyone
def _entrance(request: HttpRequest) -> HttpResponse:
    return render(request, "public/verify.html", {"came_by": CAME_BY})


@csrf_exempt  # whoever forges it reports a fake for somebody else, which harms nobody
@never_cache
@open_page
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Takes in a report of a fake; nobody is asked who they are."""
    came_by, text = request.POST.get("came_by", ""), request.POST.get("text", "")
    if came_by not in CAME_BY:
        return render(request, "public/verify.html", {"report_error": _("Say how the message came."), "came_by": CAME_BY, "text": text}, status=400)
    if came_too_often(request, "report", settings.REPORTS_AN_HOUR, seconds=3600):
        says = _("Many reports came from your connection. We have them; please wait an hour before you send another.")
        return render(request, "public/verify.html", {"report_error": says, "came_by": CAME_BY, "text": text}, status=429)
    actions.report_fake(came_by=came_by, text=text, now=timezone.now())
    return render(request, "public/reported.html")
