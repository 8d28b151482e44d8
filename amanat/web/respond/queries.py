"""Reads about incidents."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateTimeField, F, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext

from amanat.terms.fact import Fact, fact_types
from amanat.web.accounts.models import Staff
from amanat.web.respond.models import STATUSES, Decision, FactRow, Incident, JournalEntry, Task


def incidents_of(staff: Staff) -> QuerySet[Incident]:
    """The incidents in which this person has a role: open ones first, by next deadline."""
    mine = Incident.objects.filter(memberships__staff=staff).distinct()
    return mine.exclude(phase="closed").order_by(F("next_deadline_at").asc(nulls_last=True), "-declared_at")


def closed_incidents_of(staff: Staff) -> QuerySet[Incident]:
    return Incident.objects.filter(memberships__staff=staff, phase="closed").distinct().order_by("-declared_at")


def newest_facts(incident: Incident, *, origin: str = "", with_staff: bool = True) -> dict[str, FactRow]:
    """The row that counts for each fact; with `origin` the newest of "staff" or "folder", whether it counts or not.

    Args:
        with_staff: who noted it is read along, which the public door may not do.
    """
    rows = FactRow.objects.filter(incident=incident, **({"origin": origin} if origin else {"is_set_aside": False}))
    rows = rows.select_related("by") if with_staff else rows
    return {row.name: row for row in rows.order_by("name", "-at", "-id").distinct("name")}


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
    return as_facts(newest_facts(incident))


def as_facts(rows: Mapping[str, FactRow]) -> dict[str, Fact]:
    """Rows as stages take them; what amanat does not ask for any more is left out."""
    types, facts = fact_types(), {}
    for name, row in rows.items():
        if name in types:
            value = row.value
            if isinstance(value, str) and types[name].type in ("moment", "day"):
                value = (datetime if types[name].type == "moment" else date).fromisoformat(value)
            facts[name] = Fact(name=name, value=value, status=row.status, since=row.since, source=row.source)  # type: ignore[arg-type]
    return facts


def facts_by_status(facts: Mapping[str, FactRow], language: str, others: Mapping[str, FactRow] | None = None) -> list[dict[str, Any]]:
    """Facts as they are shown: known, believed, unknown, each with the question it answers, and with what differs from it."""
    types = fact_types()
    ordered = [*(n for n in types if n in facts), *(n for n in facts if n not in types)]
    differing = {one["name"]: one for one in shown((others or {}).values(), language)}
    all_shown = [one | {"other": differing.get(one["name"])} for one in shown([facts[name] for name in ordered], language)]
    return [{"status": s, "says": says, "facts": [one for one in all_shown if one["row"].status == s]} for s, says in STATUSES.items()]


def shown(rows: Iterable[FactRow], language: str) -> list[dict[str, Any]]:
    """Rows with the question and the value in this language, moments as such."""
    types, found = fact_types(), []
    for row in rows:
        value, what = row.value, types.get(row.name)
        if what is not None and what.type == "statement" and isinstance(row.value, dict):
            value = value.get(language) or value.get("en") or next(iter(value.values()), "")
        elif what and what.type in ("moment", "day") and isinstance(value, str):
            value = (datetime if what.type == "moment" else date).fromisoformat(value)
        kind = what.type if what else "text"
        found.append({"name": row.name, "says": gettext(what.says) if what else row.name, "value": value, "type": kind, "row": row})
    return found


def facts_to_add(facts: Mapping[str, FactRow]) -> list[tuple[str, str]]:
    """Questions that nobody has answered yet: name and words."""
    return [(name, gettext(what.says)) for name, what in fact_types().items() if name not in facts]


def tasks(incident: Incident) -> tuple[list[Task], list[Task]]:
    """What is to be done, the next date first, and what was done, the latest first."""
    rows = Task.objects.filter(incident=incident).select_related("owner", "done_by")
    return list(rows.filter(done_at=None).order_by(F("due_at").asc(nulls_last=True), "at")), list(
        rows.exclude(done_at=None).order_by("-done_at")[:20]
    )


def decisions(incident: Incident) -> QuerySet[Decision]:
    return Decision.objects.filter(incident=incident).select_related("by").order_by("-at")


def people_of_the_journal(incident: Incident) -> dict[str, str]:
    """Names behind the ids that stand in the journal; amanat itself has none."""
    ids = [who for who in JournalEntry.objects.filter(incident=incident).order_by().values_list("who", flat=True).distinct() if who != "amanat"]
    return {str(pk): name for pk, name in Staff.objects.filter(pk__in=ids).values_list("pk", "name")}


def journal_lines(incident: Incident, *, act: str = "", who: str = "", first: date | None = None, last: date | None = None) -> QuerySet[JournalEntry]:
    """The journal from its newest line, narrowed to an act, a person, or days (both included) in the reader's zone."""
    lines = JournalEntry.objects.filter(incident=incident).order_by("-seq")
    # Moments are kept as the exact text that was hashed, which the database reads as moments all the same.
    moment = Cast("at", DateTimeField())
    for day, compare in ((first, "gte"), (last + timedelta(days=1) if last else None, "lt")):
        if day:
            begin = timezone.make_aware(datetime.combine(day, time()))
            lines = lines.annotate(moment=moment).filter(**{f"moment__{compare}": begin})
    return lines.filter(**{name: value for name, value in (("act", act), ("who", who)) if value})


def acts_of_the_journal(incident: Incident) -> list[str]:
    return list(JournalEntry.objects.filter(incident=incident).order_by("act").values_list("act", flat=True).distinct())
