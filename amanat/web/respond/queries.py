"""Reads about incidents."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext

from amanat.terms.fact import Fact, fact_types
from amanat.web.accounts.models import Staff
from amanat.web.respond.models import STATUSES, FactRow, Incident, JournalEntry


def incidents_of(staff: Staff) -> QuerySet[Incident]:
    """The incidents in which this person has a role: open ones first, by next deadline."""
    mine = Incident.objects.filter(memberships__staff=staff).distinct()
    return mine.exclude(phase="closed").order_by(F("next_deadline_at").asc(nulls_last=True), "-declared_at")


def closed_incidents_of(staff: Staff) -> QuerySet[Incident]:
    return Incident.objects.filter(memberships__staff=staff, phase="closed").distinct().order_by("-declared_at")


def newest_facts(incident: Incident, *, origin: str = "") -> dict[str, FactRow]:
    """The row that counts for each fact; with `origin` the newest of "staff" or "folder", whether it counts or not."""
    rows = FactRow.objects.filter(incident=incident, **({"origin": origin} if origin else {"is_set_aside": False}))
    return {row.name: row for row in rows.select_related("by").order_by("name", "-at", "-id").distinct("name")}


def conflicts(incident: Incident, counting: Mapping[str, FactRow]) -> dict[str, FactRow]:
    """Where staff and the folder say different things: by fact, the row that does not count."""
    others: dict[str, FactRow] = {}
    for origin in ("staff", "folder"):
        for name, row in newest_facts(incident, origin=origin).items():
            standing = counting.get(name)
            if standing and standing.origin != origin and (standing.value, standing.status) != (row.value, row.status):
                others[name] = row
    return others


def facts_that_count(incident: Incident) -> dict[str, Fact]:
    """The facts as stages take them, for what amanat still asks for."""
    types, facts = fact_types(), {}
    for name, row in newest_facts(incident).items():
        if name in types:
            value = row.value
            if isinstance(value, str) and types[name].type in ("moment", "day"):
                value = (datetime if types[name].type == "moment" else date).fromisoformat(value)
            facts[name] = Fact(name=name, value=value, status=row.status, since=row.since, source=row.source)  # type: ignore[arg-type]
    return facts


def facts_by_status(facts: Mapping[str, FactRow], language: str) -> list[dict[str, Any]]:
    """Facts as they are shown: known, believed, unknown, each with the question it answers."""
    types = fact_types()
    shown: dict[str, list[dict[str, Any]]] = {status: [] for status in STATUSES}
    for name in [*(n for n in types if n in facts), *(n for n in facts if n not in types)]:
        row, what = facts[name], types.get(name)
        value, is_statement = row.value, what is not None and what.type == "statement" and isinstance(row.value, dict)
        if is_statement:
            value = value.get(language) or value.get("en") or next(iter(value.values()), "")
        elif what and what.type in ("moment", "day") and isinstance(value, str):
            value = datetime.fromisoformat(value)
        kind = what.type if what else "text"
        shown[row.status].append({"name": name, "says": gettext(what.says) if what else name, "value": value, "type": kind, "row": row})
    return [{"status": status, "says": says, "facts": shown[status]} for status, says in STATUSES.items()]


def people_of_the_journal(incident: Incident) -> dict[str, str]:
    """Names behind the ids that stand in the journal; amanat itself has none."""
    ids = [who for who in JournalEntry.objects.filter(incident=incident).order_by().values_list("who", flat=True).distinct() if who != "amanat"]
    return {str(pk): name for pk, name in Staff.objects.filter(pk__in=ids).values_list("pk", "name")}


def journal_lines(incident: Incident, *, act: str = "", who: str = "") -> QuerySet[JournalEntry]:
    """The journal from its newest line, narrowed to an act or a person."""
    lines = JournalEntry.objects.filter(incident=incident).order_by("-seq")
    return lines.filter(**{name: value for name, value in (("act", act), ("who", who)) if value})


def acts_of_the_journal(incident: Incident) -> list[str]:
    return list(JournalEntry.objects.filter(incident=incident).order_by("act").values_list("act", flat=True).distinct())
