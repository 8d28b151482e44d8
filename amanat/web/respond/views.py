"""The overview, the form that declares an incident, and its journal."""

import json
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from amanat.web.accounts.pages import incident_page, staff_page
from amanat.web.crypto import KeysErased
from amanat.web.respond import actions, promising, queries
from amanat.web.respond import journal as chain
from amanat.web.respond.forms import DeclareForm
from amanat.web.respond.models import Incident
from amanat.web.templatetags.words import incident_url


@require_safe
@staff_page("use")
def overview(request: HttpRequest) -> HttpResponse:
    """What burns? All open incidents of this person, by next deadline."""
    return render(
        request,
        "respond/overview.html",
        {
            "incidents": queries.incidents_of(request.user),
            "closed": queries.closed_incidents_of(request.user),
            "promises": promising.due_of(request.user, now=timezone.now()),
            "now": timezone.now(),
        },
    )


@staff_page("declare")
def declare(request: HttpRequest) -> HttpResponse:
    """Declare an incident in a minute."""
    form = DeclareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        incident = actions.declare(by=request.user, now=timezone.now(), **form.cleaned_data)
        return redirect(incident_url(incident))
    return render(request, "respond/declare.html", {"form": form})


@require_POST
@incident_page("run")
def run(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Asks the worker to read the files and assess again, with what staff noted and decided since."""
    if incident.wrapped_keys is None:
        raise KeysErased
    actions.ask_for_run(incident, by=request.user, now=timezone.now())
    messages.success(request, gettext("Asked for. The pages change by themselves once the files have been read."))
    return redirect("affected", incident_id=incident.pk)


@require_GET
@incident_page("see_journal")
def journal(request: HttpRequest, incident: Incident) -> HttpResponse:
    """Who did what, when, why? With `?verify=1` the whole chain is read and checked."""
    act, who = request.GET.get("act", ""), request.GET.get("who", "")
    first, last = _day(request.GET.get("first", "")), _day(request.GET.get("last", ""))
    names = queries.people_of_the_journal(incident)
    page = Paginator(queries.journal_lines(incident, act=act, who=who, first=first, last=last), 100).get_page(request.GET.get("page"))
    lines = [
        {
            "seq": e.seq,
            "at": datetime.fromisoformat(e.at),
            "who": names.get(e.who, e.who),
            "act": e.act,
            "what": _flat(e.what),
            "why": e.why,
            "hash": e.hash,
        }
        for e in page
    ]
    given = {
        "incident": incident,
        "page": page,
        "lines": lines,
        "names": names,
        "acts": queries.acts_of_the_journal(incident),
        "act": act,
        "who": who,
        "first": first,
        "last": last,
        "filters": urlencode({"act": act, "who": who, "first": first or "", "last": last or ""}),
        "verdict": chain.verify(incident.pk) if request.GET.get("verify") else None,
    }
    return render(request, "respond/journal.html", given)


@require_POST
@incident_page("see_journal")
def journal_file(request: HttpRequest, incident: Incident) -> StreamingHttpResponse:
    """The whole chain as a `journal.jsonl`, which `amanat journal verify` accepts; its last line tells of this export."""
    chain.write(incident, act="journal.exported", at=timezone.now(), by=request.user)
    lines = (json.dumps(entry, separators=(",", ":"), ensure_ascii=False) + "\n" for entry in chain.entries(incident.pk))
    answer = StreamingHttpResponse(lines, content_type="application/jsonl; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="journal.jsonl"'
    return answer


def _day(text: str) -> date | None:
    """A day from a date field; what is none narrows nothing down."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 < day.year < 9999 else None


def _flat(what: dict[str, Any]) -> list[tuple[str, str]]:
    return [(name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) for name, value in what.items()]
