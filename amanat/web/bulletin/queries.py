"""Reads about the bulletin: whose there is, and what an issue is called."""

from amanat.lib.errors import Fixable
from amanat.terms.company import Company
from amanat.web.notify.models import ApprovalRow, OutletRow
from amanat.web.notify.queries import company_of
from amanat.web.public.models import StatusUpdate
from amanat.web.respond.models import Incident

OUTLET = "bulletin"


def companies() -> dict[str, Incident]:
    """Whose bulletin one can ask for, by name, each with the newest incident that the public knows of, a drill only where
    there is no other. A closed one counts too: the bulletin tells what became safer afterwards."""
    approved = ApprovalRow.objects.exclude(filled_at=None).values("incident")
    updated = StatusUpdate.objects.exclude(published_at=None).values("incident")
    stated = OutletRow.objects.values("incident")
    found: dict[str, Incident] = {}
    for incident in Incident.objects.filter(pk__in=approved.union(updated, stated)).order_by("is_drill", "-declared_at"):
        company = _company(incident)
        if company is not None:
            found.setdefault(company.name, incident)
    return found


def title_in(outlet: OutletRow, language: str) -> tuple[str, str]:
    """The title of an issue in this language where it speaks it, else in its first; with the language it is in."""
    said = {one["language"]: one["title"] for one in outlet.statement.notices if one["audience"] == OUTLET}
    return (language, said[language]) if language in said else (outlet.language, outlet.title)


def _company(incident: Incident) -> Company | None:
    # One incident without a file that can be read must not close the page of all others.
    try:
        return company_of(incident)
    except (Fixable, OSError):
        return None
