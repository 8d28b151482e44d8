"""What must we do, by when?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from amanat.web.accounts.pages import incident_page
from amanat.web.assess import queries
from amanat.web.respond.models import Incident

# state of a clock -> its words and its colour; red is for what is missed or threatened and nothing else
STATES = {
    "missed": (_("missed"), "danger"),
    "threatened": (_("less than a day left"), "danger"),
    "open": (_("due"), "info"),
    "no_instant": (_("due, without a fixed hour"), "info"),
    "undetermined": (_("not settled yet"), "wait"),
    "done": (_("done"), "done"),
    "not_required": (_("not required, as decided"), "done"),
    "exempt": (_("exempt"), ""),
    "not_due": (_("not due"), ""),
}
TO = {
    "authority": _("Tell the authority"),
    "individuals": _("Tell the persons"),
    "controller": _("Tell the controller"),
    "media": _("Tell the media"),
    "markets": _("Tell the markets"),
    "public": _("Tell the public"),
    "third_parties": _("Tell third parties"),
    "internal_record": _("Keep our own record"),
}


@require_GET
@incident_page("see")
def duties(request: HttpRequest, incident: Incident) -> HttpResponse:
    """The clock wall, with the reasons behind each clock."""
    now, row = timezone.now(), queries.newest(incident)
    given = {"incident": incident, "row": row, "now": now, "states": STATES, "to": TO, "width": queries.WIDTH}
    if row:
        settled = queries.decisions(incident)
        given["wall"] = wall = queries.clock_wall(
            row.content["duties"], {name: d.decision for name, d in settled.items()}, now=now, is_rtl=get_language_bidi()
        )
        given["settled"] = settled
        given["figures"] = [(STATES[state][0], wall.n[state], STATES[state][1]) for state in STATES if wall.n.get(state)]
        given["assessment"] = row.content
    return render(request, "assess/duties.html", given)
