"""What burns, and whose is it? The clock wall over all incidents of a person: the first page of who protects the data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from amanat import notify
from amanat.web.accounts import permissions
from amanat.web.accounts.pages import staff_page
from amanat.web.assess import queries
from amanat.web.assess.words import STATES, TO, members_of
from amanat.web.chain import silence
from amanat.web.notify.forms_models import SubmissionRow
from amanat.web.notify.models import ApprovalRow, NoticeRow
from amanat.web.respond.models import Incident
from amanat.web.respond.queries import incidents_of
from amanat.web.templatetags.words import number

OPEN = ("missed", "threatened", "open", "no_instant", "undetermined")
NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One duty of one incident on the wall: until when, whose it is, and what is missing before it can be done."""

    incident: Incident
    duty: Mapping[str, Any]
    due_at: datetime | None
    state: str  # a key of STATES
    owner: str
    missing: tuple[str, ...]
    may_decide: bool


@require_GET
@staff_page("use")
def deadlines(request: HttpRequest) -> HttpResponse:
    """All open duties by deadline, to be narrowed by owner, law, state and incident."""
    now = timezone.now()
    asked = {name: request.GET.get(name, "")[:120] for name in ("owner", "law", "state", "incident")}
    every = [row for incident in incidents_of(request.user) for row in rows_of(incident, request.user, now=now)]
    open_rows = [row for row in every if row.state in OPEN]
    clocks = [(incident, silence.of(incident, now=now)) for incident in incidents_of(request.user) if incident.phase != "closed"]
    given = {
        "rows": sorted(narrowed(every, **asked), key=_urgency),
        "n_all": len(open_rows),
        "now": now,
        "states": STATES,
        "to": TO,
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "owners": sorted({row.owner for row in open_rows if row.owner}),
        "laws": sorted({law_of(row.duty) for row in open_rows}),
        "incidents": {str(row.incident.pk): row.incident for row in open_rows},
        "figures": [(STATES[state][0], n, STATES[state][1]) for state in OPEN if (n := sum(row.state == state for row in open_rows))],
        "members": {incident: list(members_of(incident)) for incident in {row.incident for row in open_rows if row.may_decide}},
        "nobody": NOBODY,
        # The longest silence first; where the public does not know there is no clock.
        "silences": sorted(((one, clock) for one, clock in clocks if clock), key=lambda pair: (not pair[1].is_running, -pair[1].minutes)),
    }
    return render(request, "chain/deadlines.html", given)


def rows_of(incident: Incident, staff: Any, *, now: datetime) -> list[Row]:
    """Every duty of an incident that is or may be owed, by a law of which it is sure that it reaches us."""
    made = queries.decisions(incident)
    ended, owners = queries.settled(made), queries.owners(incident)
    texts, handed_in = _texts(incident), duties_handed_in(incident)
    may_decide = permissions.may(staff, "decide_duties", incident)
    found = []
    for duty in queries.duties_as_decided(incident, made=made):
        due_at = queries.moment_of(duty["due_at"])
        state = queries.state_of(duty, ended.get(duty["id"], ""), due_at, now)
        if duty.get("reach", True) is not True or state in ("exempt", "not_due"):
            continue
        missing = _missing(duty, texts, handed_in) if state in OPEN else ()
        owner = owners.get(duty["id"], "")
        found.append(Row(incident=incident, duty=duty, due_at=due_at, state=state, owner=owner, missing=missing, may_decide=may_decide))
    return found


def narrowed(rows: Iterable[Row], *, owner: str, law: str, state: str, incident: str) -> list[Row]:
    """The rows that were asked for; without a state, those that are open."""
    return [
        row
        for row in rows
        if (row.state == state if state in STATES else row.state in OPEN)
        and (not owner or row.owner == ("" if owner == NOBODY else owner))
        and (not law or law_of(row.duty) == law)
        and (not incident or str(row.incident.pk) == incident)
    ]


def law_of(duty: Mapping[str, Any]) -> str:
    """The law of a duty, whose id begins with it."""
    return str(duty["id"]).partition(".")[0]


def _texts(incident: Incident) -> str:
    """How far the texts for the persons have come, as something that is missing; empty once they may go out."""
    if ApprovalRow.objects.filter(incident=incident, voided_at=None, approved_at__isnull=False).exists():
        return ""
    is_there = NoticeRow.objects.filter(incident=incident, withdrawn_at=None).exists()
    return gettext("text not approved") if is_there else gettext("no text yet")


def duties_handed_in(incident: Incident) -> frozenset[str]:
    """Ids of the duties that a form answers which was handed in."""
    forms, found = notify.all_forms(), set()
    for name, phase in SubmissionRow.objects.filter(incident=incident).values_list("form", "phase"):
        if name in forms:
            found |= {duty for one in forms[name].phase if one.id == phase for duty in one.duties}
    return frozenset(found)


def _missing(duty: Mapping[str, Any], texts: str, handed_in: frozenset[str]) -> tuple[str, ...]:
    found = []
    if n := len(duty.get("ask", ())):
        found.append(gettext("facts not settled: %(n)s") % {"n": number(n)})
    if duty["to"] == "individuals" and texts:
        found.append(texts)
    if duty["to"] in ("authority", "markets"):
        found.append(gettext("form handed in, not noted as done") if duty["id"] in handed_in else gettext("form not sent"))
    return tuple(found)


def _urgency(row: Row) -> tuple[bool, float, int, str]:
    # What has no instant comes after what has one, and what is settled last.
    return row.state not in OPEN, row.due_at.timestamp() if row.due_at else float("inf"), queries.ORDER[row.state], row.duty["id"]
