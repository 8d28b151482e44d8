"""Words of the pages about duties: the states of a clock, whom a duty is owed to, what a decision says."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.web.accounts.models import Staff
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
DECIDED = {
    "owned": _("handed over"),
    "done": _("done"),
    "not_required": _("not required"),
    "required": _("required"),
    "reopened": _("opened again"),
}
STANDINGS = {
    "in_force": _("in force"),
    "adopted": _("adopted, and perhaps not applied yet"),
    "proposed": _("a draft, not in force"),
    "superseded": _("superseded"),
    "voluntary": _("voluntary"),
}
CHANGES = {
    "new": _("a new duty"),
    "earlier": _("earlier"),
    "state": _("another state"),
    "gone": _("no duty any more"),
    "later": _("later"),
}
CONFIDENCE = {"high": _("high"), "medium": _("medium"), "low": _("low")}


def members_of(incident: Incident) -> QuerySet[Staff]:
    """Who may take something on in this incident."""
    return Staff.objects.filter(pk__in=incident.memberships.values("staff")).order_by("name")
