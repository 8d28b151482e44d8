"""What anyone may see: the status page, and "is this message really from us?"."""

import hmac
from datetime import date

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, get_language_from_request, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from amanat.web import crypto
from amanat.web.accounts.pages import open_page
from amanat.web.public import queries

TRIES_A_MINUTE = 20
CODE_MAX = 60


@open_page
def home(request: HttpRequest) -> HttpResponse:
    """Leads to the status page in the reader's language."""
    with override(get_language_from_request(request)):
        return redirect(reverse("status"))


@open_page
def status(request: HttpRequest) -> HttpResponse:
    """What we know, do not know, and do now."""
    return render(request, "public/status.html", {"updates": queries.updates(get_language() or "en")})


@csrf_exempt  # it changes nothing, and its answer is the same for everyone: there is nothing to forge
@never_cache
@open_page
def verify(request: HttpRequest) -> HttpResponse:
    """Is this message really from us? The code comes by POST, so that it stands in no log or history."""
    wants_json = request.accepts("application/json") and not request.accepts("text/html")
    if request.method != "POST":
        return render(request, "public/verify.html")
    if _tried_too_often(request):
        says = _("Too many tries from your connection. Wait a minute, then try again.")
        if wants_json:
            return JsonResponse({"error": says}, status=429, headers={"Retry-After": "60"})
        page = render(request, "public/verify.html", {"error": says}, status=429)
        page["Retry-After"] = "60"
        return page
    answer = queries.verify(request.POST.get("code", "")[:CODE_MAX])
    if wants_json:
        return JsonResponse(queries.as_json(answer))
    sent_on = date.fromisoformat(answer.sent_on) if answer.sent_on else None
    return render(request, "public/verify.html", {"answer": answer, "sent_on": sent_on})


def _tried_too_often(request: HttpRequest) -> bool:
    """Counts tries by a keyed hash of the visitor's address, for a minute; the address itself is kept nowhere."""
    # Behind the proxy that ends TLS every visitor comes from its address; the proxy writes theirs last.
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() if settings.IS_HTTPS else ""
    who = _visitor(forwarded or request.META.get("REMOTE_ADDR", ""))
    cache.add(who, 0, timeout=60)
    try:
        return cache.incr(who) > TRIES_A_MINUTE
    except ValueError:  # it ended between the two lines
        return False


def _visitor(address: str) -> str:
    return "verify-" + hmac.digest(crypto.master_key(), f"visitor\0{address}".encode(), "sha256").hex()[:32]
