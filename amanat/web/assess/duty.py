"""One duty: why, by when, by which law, what hangs on it, and what was decided about it. A page that can be linked to and printed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from amanat import assess
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import incident_page
from amanat.web.assess import queries, replay
from amanat.web.assess.models import DutyDecision
from amanat.web.assess.words import CONFIDENCE, DECIDED, STANDINGS, STATES, TO, members_of
from amanat.web.respond.models import FactRow, Incident
from amanat.web.respond.queries import newest_facts, shown


@require_GET
@incident_page("see")
def duty(request: HttpRequest, incident: Incident, duty_id: str) -> HttpResponse:
    """Why is this so? The tree of reasons, the sentence of law and its version, what it waits for, and every decision about it."""
    then_at = replay.moment_asked(request)
    now = then_at or timezone.now()
    then = replay.as_it_stood(incident, then_at) if then_at else None
    row = queries.newest(incident)
    content = then.content if then else row.content if row else {"duties": []}
    facts = then.facts if then else newest_facts(incident)
    made = queries.decisions(incident, until=then_at)
    duties = {one["id"]: one for one in queries.as_decided(content["duties"], made)}
    if duty_id not in duties:
        raise Http404
    one = duties[duty_id]
    due_at = queries.moment_of(one["due_at"])
    law = assess.laws().get(one["law"]) if "law" in one else None
    given = {
        "incident": incident,
        "duty": one,
        "due_at": due_at,
        "state": STATES[queries.state_of(one, queries.settled(made).get(duty_id, ""), due_at, now)],
        "to": TO,
        "standings": STANDINGS,
        "confidence": CONFIDENCE,
        "decided_words": DECIDED,
        "now": now,
        "then_at": then_at,
        "assessed_at": then_at or (row.at if row else None),
        "law": law,
        "is_stale": law is not None and assess.is_stale(law, timezone.localdate()),
        "counted": bool(then.counted_at if then else row and row.counted),
        "known": known(facts, request.LANGUAGE_CODE),
        "before": duties.get(one.get("waits_for", "")),
        "after": _followers(duties, duty_id),
        "decision": made.get(duty_id),
        "decisions": DutyDecision.objects.filter(incident=incident, duty_id=duty_id, at__lte=now).select_related("by", "owner").order_by("-at"),
        "owner": queries.owners(incident, until=then_at).get(duty_id, ""),
        "may_decide": then_at is None and permissions.may(request.user, "decide_duties", incident),
        "may_answer": then_at is None and permissions.may(request.user, "change_facts", incident),
        "members": members_of(incident),
        "is_late": due_at is not None and due_at < now and one["state"] == "due",
        "now_local": timezone.localtime(now),
    }
    return render(request, "assess/duty.html", given)


def known(facts: Mapping[str, FactRow], language: str) -> dict[str, dict[str, Any]]:
    """Of each fact: how sure, since when, who said it and where; for beside the question that asks for it."""
    return {one["name"]: one for one in shown(facts.values(), language)}


def _followers(duties: Mapping[str, dict[str, Any]], duty_id: str) -> list[tuple[dict[str, Any], datetime | None]]:
    """The duties whose planned date hangs on this one, directly or through others, the nearest first."""
    found: list[dict[str, Any]] = []
    waiting = [duty_id]
    while waiting:
        below = [one for one in duties.values() if one.get("waits_for") == waiting[0] and one not in found]
        found += below
        waiting = waiting[1:] + [one["id"] for one in below]
    return [(one, queries.moment_of(one["due_at"])) for one in found]
