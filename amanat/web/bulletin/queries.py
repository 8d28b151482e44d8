"""Reads about the bulletin: whose there is, who reads it, and how far an issue has come."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from amanat.lib.errors import Fixable
from amanat.terms.company import Company
from amanat.web.bulletin.models import Issue, IssueMail, Subscriber
from amanat.web.notify.models import ApprovalRow, OutletRow
from amanat.web.notify.queries import company_of
from amanat.web.public.models import StatusUpdate
from amanat.web.respond.models import Incident

OUTLET = "bulletin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How far one issue has come, in readers."""

    issue: Issue
    states: dict[str, int]

    @property
    def n_sent(self) -> int:
        return self.states.get("accepted", 0) + self.states.get("delivered", 0)

    @property
    def n_open(self) -> int:
        return self.states.get("queued", 0) + self.states.get("attempting", 0)


def companies() -> dict[str, Incident]:
    """Whose bulletin one can ask for, by name, each with the newest incident that the public knows of. A closed one counts too:
    the bulletin tells what became safer afterwards."""
    approved = ApprovalRow.objects.exclude(approved_at=None).values("incident")
    updated = StatusUpdate.objects.exclude(published_at=None).values("incident")
    stated = OutletRow.objects.values("incident")
    found: dict[str, Incident] = {}
    for incident in Incident.objects.filter(pk__in=approved.union(updated, stated)).order_by("-declared_at"):
        company = _company(incident)
        if company is not None:
            found.setdefault(company.name, incident)
    return found


def _company(incident: Incident) -> Company | None:
    # One incident without a file that can be read must not close the page of all others.
    try:
        return company_of(incident)
    except (Fixable, OSError):
        return None


def readers(company: str) -> Counter[str]:
    """Confirmed readers by language."""
    rows = Subscriber.objects.filter(company=company, confirmed_at__isnull=False, left_at=None)
    return Counter(dict(rows.values_list("language").annotate(n=Count("id")).order_by()))


def courses(incident: Incident) -> list[Course]:
    """The issues of an incident, the newest first."""
    issues = list(Issue.objects.filter(outlet__incident=incident).select_related("outlet").order_by("-begun_at"))
    states: dict[object, dict[str, int]] = {}
    for issue, state, n in IssueMail.objects.filter(issue__in=issues).values_list("issue", "state").annotate(n=Count("id")).order_by():
        states.setdefault(issue, {})[state] = n
    return [Course(issue=issue, states=states.get(issue.pk, {})) for issue in issues]
