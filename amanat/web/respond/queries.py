"""Reads about incidents."""

from django.db.models import F, QuerySet

from amanat.web.accounts.models import Staff
from amanat.web.respond.models import FactRow, Incident


def incidents_of(staff: Staff) -> QuerySet[Incident]:
    """The incidents in which this person has a role: open ones first, by next deadline."""
    mine = Incident.objects.filter(memberships__staff=staff).distinct()
    return mine.exclude(phase="closed").order_by(F("next_deadline_at").asc(nulls_last=True), "-declared_at")


def closed_incidents_of(staff: Staff) -> QuerySet[Incident]:
    return Incident.objects.filter(memberships__staff=staff, phase="closed").distinct().order_by("-declared_at")


def newest_facts(incident: Incident) -> dict[str, FactRow]:
    """The row that counts for each fact."""
    rows = FactRow.objects.filter(incident=incident).select_related("by").order_by("name", "-at", "-id").distinct("name")
    return {row.name: row for row in rows}
