"""Deadlines in calendar programs: the feed of one member of staff, the keys that open it, and one incident's file.

A calendar program cannot type a one-time code. It gets a key of its own, sent as the password of HTTP Basic in a header: never in an
address, which proxies and histories keep. The key opens this feed and nothing else, can be ended at any time, and is kept as a hash.
"""

import base64
import binascii
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from amanat import assess
from amanat.web.accounts.limits import came_too_often
from amanat.web.accounts.models import Staff
from amanat.web.accounts.pages import incident_page, open_page, staff_page
from amanat.web.assess import queries
from amanat.web.assess.models import CalendarKey, DeadlineEntry
from amanat.web.assess.words import TO
from amanat.web.respond.models import Incident
from amanat.web.templatetags.sentences import authority

WRONG_KEYS_AN_HOUR = 20


@staff_page("use")
def keys(request: HttpRequest) -> HttpResponse:
    """My deadlines in my calendar: the address, the programs that may read it, and a form for one more."""
    new_key = ""
    if request.method == "POST":
        name = request.POST.get("name", "").strip()[:60] or _("calendar")
        new_key = secrets.token_urlsafe(24)
        CalendarKey.objects.create(staff=request.user, name=name, key_hash=_hash(new_key), made_at=timezone.now())
    given = {
        "keys": CalendarKey.objects.filter(staff=request.user, ended_at=None).order_by("made_at"),
        "new_key": new_key,
        "address": settings.STAFF_URL + reverse("calendar_feed"),
    }
    return render(request, "assess/calendar.html", given)


@require_POST
@staff_page("use")
def end_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """This program reads no more."""
    if not CalendarKey.objects.filter(pk=key_id, staff=request.user, ended_at=None).update(ended_at=timezone.now()):
        raise Http404
    messages.success(request, _("This calendar reads no more deadlines."))
    return redirect("calendar_keys")


@open_page
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The open deadlines of all incidents of the member of staff whose key it is; whoever has none learns nothing."""
    key = _key_of(request)
    if key is None:
        if came_too_often(request, "calendar", WRONG_KEYS_AN_HOUR, seconds=3600):
            return HttpResponse(status=429)
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="amanat", charset="UTF-8"'})
    now = timezone.now()
    CalendarKey.objects.filter(pk=key.pk).update(used_at=now)
    incidents = Incident.objects.filter(memberships__staff=key.staff).exclude(phase="closed").distinct()
    return _answer(_entries(incidents, key.staff), now)


@require_GET
@incident_page("see")
def incident_file(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The deadlines of one incident as a file, for a calendar that takes no feed."""
    answer = _answer(_entries([incident], request.user), timezone.now())
    answer["Content-Disposition"] = 'attachment; filename="deadlines.ics"'
    return answer


def _answer(entries: Iterable[Any], now: datetime) -> HttpResponse:
    return HttpResponse(assess.calendar(entries, name="amanat", now=now), content_type="text/calendar; charset=utf-8")


def _entries(incidents: Iterable[Incident], staff: Staff) -> list[Any]:
    """The published entries with words in the reader's language; no title of an incident, because calendars lie on others' servers."""
    found = []
    with translation.override(staff.language), timezone.override(ZoneInfo(staff.time_zone)):
        for incident in incidents:
            duties = {duty["id"]: duty for duty in queries.duties_as_decided(incident)}
            for row in DeadlineEntry.objects.filter(incident=incident):
                duty = duties.get(row.duty_id, {})
                link = settings.STAFF_URL + reverse("duty", args=[incident.pk, row.duty_id])
                found.append(replace(queries.entry_of(row), summary=_summary(row, duty), description=_says(duty, incident), url=link))
    return found


def _summary(row: DeadlineEntry, duty: dict[str, Any]) -> str:
    if not duty:
        return row.duty_id
    said = _("%(what)s: %(whom)s") % {"what": TO[duty["to"]], "whom": translation_of(duty["who"])}
    if row.is_done:
        return _("Done: %(what)s") % {"what": said}
    return _("Not settled yet: %(what)s") % {"what": said} if row.standing == "TENTATIVE" else said


def translation_of(who: str) -> str:
    """Whom a duty is owed to, as plain text."""
    said = authority(who)
    return who if hasattr(said, "__html__") else str(said)


def _says(duty: dict[str, Any], incident: Incident) -> str:
    return "\n".join([f"{duty['id']} · {duty['cite']}", str(incident.pk)[:8]]) if duty else str(incident.pk)[:8]


def _key_of(request: HttpRequest) -> CalendarKey | None:
    """The key behind `Authorization: Basic …`; the name before the colon is the member's e-mail address."""
    scheme, _blank, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        email, colon, secret = base64.b64decode(given.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    if not colon or not secret:
        return None
    key = CalendarKey.objects.select_related("staff").filter(key_hash=_hash(secret), ended_at=None, staff__is_active=True).first()
    return key if key is not None and key.staff.email == email.strip().lower() else None


def _hash(secret: str) -> bytes:
    # 192 random bits need no slow hash.
    return hashlib.sha256(secret.encode()).digest()
