"""A visit to my page: the code of the message begins it, a one-time code to the address on file proves it, and it ends soon.

The code of the message alone shows nothing: letters are read by others. The one-time code is made by the worker, which
mails it and keeps its hash, so the public door never holds both.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language

from amanat import care, notify
from amanat.web import crypto
from amanat.web.accounts.limits import came_too_often
from amanat.web.accounts.pages import open_page
from amanat.web.care.models import Visit
from amanat.web.notify.models import SendingRow
from amanat.web.notify.queries import code_key
from amanat.web.respond import journal
from amanat.web.scope.people import one_at_a_time

COOKIE = f"{'__Host-' if settings.IS_HTTPS else ''}my-page"
TRIES_A_MINUTE = 10
OPEN_PHASES = ("identification", "containment", "eradication", "recovery", "lessons")


class TooManyCodes(Exception):
    """This person was sent as many one-time codes as we send in a while; whoever asks must wait or call."""


def sending_of(code: str) -> SendingRow | None:
    """The sending whose message carries this code, if my page may be opened with it: approved, not withdrawn, incident open."""
    number = notify.read_code(code)
    # An impossible code is looked up all the same, so that time tells nothing.
    wanted = notify.hash_of_code(code_key(), number if number is not None else 1 << 63)
    rows = SendingRow.objects.filter(code_hash=wanted, approval__approved_at__isnull=False, notice__withdrawn_at=None)
    row = rows.filter(incident__phase__in=OPEN_PHASES, incident__wrapped_keys__isnull=False).select_related("incident", "person").first()
    return row if number is not None else None


@transaction.atomic
def begin(sending: SendingRow, *, language: str, network: str, now: datetime) -> str:
    """A new visit and the token for its cookie; the worker is asked to mail the one-time code. Raises TooManyCodes.

    Args:
        network: where the visitor comes from (`limits.visitors_network`).
    """
    # One at a time for each person: two visitors at once must not both find one more code allowed.
    one_at_a_time(sending.person_id)
    here = sending.incident.keys().blind("network", network)
    lately = Visit.objects.filter(person=sending.person_id, asked_at__gt=now - timedelta(days=1)).values_list("asked_at", flat=True)
    is_known = Visit.objects.filter(person=sending.person_id, network=here, proven_at__isnull=False).exists()
    if not care.may_ask_proof(lately.filter(network=here), lately, is_known_here=is_known, now=now):
        raise TooManyCodes
    # Earlier visits that wait for their proof stay: whoever found the letter must not be able to end the person's own.
    token = secrets.token_urlsafe(32)
    visit = Visit.objects.create(
        incident=sending.incident,
        person_id=sending.person_id,
        sending=sending,
        token_hash=care.hash_of_token(token),
        language=language,
        network=here,
        asked_at=now,
        seen_at=now,
    )
    ring(visit)
    return token


def ring(visit: Visit) -> None:
    """Asks the worker for a one-time code, once the transaction stands."""
    from procrastinate.contrib.django import app

    transaction.on_commit(lambda: app.configure_task(name="send_proof", queue="proofs").defer(visit_id=str(visit.pk)))


def prove(visit: Visit, typed: str, *, now: datetime) -> str | None:
    """The token of the proven visit, or None when the code is wrong, used, too old or was guessed at too often.

    The token changes, so that a cookie planted before is worth nothing afterwards.
    """
    waiting = Visit.objects.filter(pk=visit.pk, proven_at=None, ended_at=None, proof_hash__isnull=False, proof_sent_at__gt=now - care.LIVES)
    # The try is counted before it is judged: however many arrive at once, only so many are judged.
    if not waiting.filter(n_tries__lt=care.TRIES_MAX).update(n_tries=F("n_tries") + 1):
        return None
    visit.refresh_from_db()
    if not care.is_right_proof(proof_key(), str(visit.pk), typed, bytes(visit.proof_hash or b"")):
        if visit.n_tries >= care.TRIES_MAX:
            end(visit, now=now)
            journal.write(visit.incident, act="page.refused", at=now, what={"visit": str(visit.pk), "tries": visit.n_tries})
        return None
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        taken = waiting.update(proven_at=now, seen_at=now, proof_hash=None, token_hash=care.hash_of_token(token))
        if not taken:
            return None  # somebody else used the same code this very moment
        Visit.objects.filter(person=visit.person_id, ended_at=None).exclude(pk=visit.pk).update(ended_at=now)
        journal.write(visit.incident, act="page.opened", at=now, what={"visit": str(visit.pk), "person": str(visit.person_id)})
    return token


def end(visit: Visit, *, now: datetime) -> None:
    Visit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=now, proof_hash=None)


def visit_of(request: HttpRequest, *, now: datetime) -> Visit | None:
    """The visit behind the cookie, proven or not, while it lives."""
    token = request.COOKIES.get(COOKIE, "")
    if not 20 <= len(token) <= 100:
        return None
    rows = Visit.objects.filter(token_hash=care.hash_of_token(token), ended_at=None, asked_at__gt=now - care.VISIT_WHOLE)
    return (
        rows.filter(seen_at__gt=now - care.VISIT_IDLE, incident__wrapped_keys__isnull=False, incident__phase__in=OPEN_PHASES)
        .select_related("incident", "person", "sending", "sending__notice")
        .first()
    )


def proof_key() -> bytes:
    return hmac.digest(crypto.master_key(), b"amanat second proof", "sha256")


# ---- pages ----


def private_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """For every page of a visit: kept nowhere, framed nowhere; its own forms may say where they come from."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        response = view(request, *args, **given)
        response["Cache-Control"] = "no-store"
        # Under "no-referrer" browsers send `Origin: null` with our own forms, which the check against forgery must refuse.
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        return response

    return open_page(page)


def person_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """For whoever has proven who they are: the view gets `visit`, and must look at nothing but this visit's person and incident."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **given: Any) -> HttpResponse:
        now = timezone.now()
        visit = visit_of(request, now=now)
        if visit is None:
            return redirect("my_code")
        if visit.proven_at is None:
            return redirect("my_proof")
        Visit.objects.filter(pk=visit.pk).update(seen_at=now)
        return view(request, visit, *args, **given)

    return private_page(page)


def set_cookie(response: HttpResponse, token: str) -> None:
    """The visit's own cookie: this browser session only, this host only, never to scripts, never with a request from elsewhere."""
    response.set_cookie(COOKIE, token, max_age=None, path="/", secure=settings.IS_HTTPS, httponly=True, samesite="Strict")


def forget_cookies(response: HttpResponse) -> None:
    """Both cookies go, so that the next person at this machine finds nothing."""
    for name in (COOKIE, settings.CSRF_COOKIE_NAME):
        response.delete_cookie(name, path="/", samesite="Strict")


def is_from_here(request: HttpRequest) -> bool:
    """Whether a form comes from a page of ours: for the one form that is sent before there is any cookie."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def tries_too_often(request: HttpRequest) -> bool:
    """Counts tries at codes, of the message or of the one-time mail, for a minute."""
    return came_too_often(request, "my-page", TRIES_A_MINUTE, seconds=60)


def language_now() -> str:
    return (get_language() or "en").split("-")[0]
