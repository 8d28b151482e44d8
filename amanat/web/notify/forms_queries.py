"""Reads about forms: the case as a form may know it, what staff entered, what was handed in, which phase comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count

from amanat import assess, notify
from amanat.terms.assessment import Assessment
from amanat.terms.fact import Fact
from amanat.web.assess import queries as duties
from amanat.web.assess.models import DutyDecision
from amanat.web.notify import queries
from amanat.web.notify.forms_models import FormEntryRow, SubmissionRow
from amanat.web.notify.models import ReceiptRow, SendingRow
from amanat.web.respond.models import Incident
from amanat.web.scope.models import AffectedPerson, GapRow, ScopeRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one form of an incident stands."""

    form: notify.Form
    document: notify.Document  # of the phase that comes next
    due: tuple[str, ...]  # ids of its duties that are due
    last: SubmissionRow | None  # what was handed in last


def case_of(incident: Incident) -> notify.FormCase | None:
    """The case as a form may know it: facts, counts, duties, company; None before the first assessment. Raises what its files raise."""
    row = duties.newest(incident)
    if row is None:
        return None
    company = queries.company_of(incident)
    return notify.FormCase(
        id=str(incident.pk)[:8],
        facts=_facts(incident, company.default_language),
        assessment=assessment_of(row.content),
        company=company,
        totals=_totals(incident),
        notices=tuple(queries.notices_of(queries.newest_notices(incident))),
        told=_told(incident),
    )


def assessment_of(content: Mapping[str, Any]) -> Assessment:
    """An assessment as it was kept."""
    return assess.assessment_from_json(dict(content))


def entries_of(incident: Incident, form: str) -> dict[str, notify.Entry]:
    """What staff entered by hand and did not take back, by field."""
    return {row.field: notify.Entry(value=row.value, by=row.by.name, at=row.at, why=row.why) for row in _newest_entries(incident, form)}


def submissions(incident: Incident, form: str = "") -> list[SubmissionRow]:
    """What was handed in, the newest first."""
    rows = SubmissionRow.objects.filter(incident=incident, **({"form": form} if form else {})).select_related("by")
    return list(rows.order_by("form", "-version"))


def next_phase(form: notify.Form, sent: list[SubmissionRow], states: Mapping[str, str]) -> str:
    """The first phase that was not handed in; when all were, the last that is a follow-up, for there may always be more to say."""
    done = {row.phase for row in sent}
    open_ = [phase for phase in form.phase if phase.id not in done]
    due = [phase for phase in open_ if any(states.get(duty) == "due" for duty in phase.duties)]
    return (due or open_ or [form.phase[-1]])[0].id


def fill(
    incident: Incident, form: notify.Form, case: notify.FormCase, sent: list[SubmissionRow], *, phase: str, language: str, now: datetime
) -> notify.Document:
    """The form as it stands at this moment, compared with what was handed in last."""
    before = notify.document_from_json(sent[0].document) if sent else None
    reference = next((row.reference for row in sent if row.reference), "")
    entries = entries_of(incident, form.id)
    return notify.fill_form(form, case, phase=phase, language=language, now=now, entries=entries, before=before, reference=reference)


def standings(incident: Incident, case: notify.FormCase, *, now: datetime) -> list[Standing]:
    """Every form: those that a due duty waits for first, by deadline, then what was handed in, then the rest."""
    states = {duty.id: duty.state for duty in case.assessment.duties}
    sent = submissions(incident)
    found = []
    for form in notify.all_forms().values():
        mine = [row for row in sent if row.form == form.id]
        document = fill(incident, form, case, mine, phase=next_phase(form, mine, states), language="", now=now)
        due = tuple(sorted(duty for duty in form.duties if states.get(duty) == "due"))
        found.append(Standing(form=form, document=document, due=due, last=mine[0] if mine else None))
    return sorted(found, key=lambda one: (not one.due, one.document.due_at.timestamp() if one.document.due_at else float("inf"), one.form.id))


def _facts(incident: Incident, language: str) -> dict[str, Fact]:
    """The facts; where nobody noted why something is late, the reason that was given when a duty was reported as done too late."""
    facts = queries.facts_of(incident)
    noted = facts.get("delay_reason")
    late = DutyDecision.objects.filter(incident=incident).exclude(late_why="").order_by("-at").first()
    if late is not None and (noted is None or noted.status == "unknown"):
        value = {language: late.late_why}
        facts["delay_reason"] = Fact(name="delay_reason", value=value, status="known", since=late.at, source=late.duty_id)
    return facts


def _newest_entries(incident: Incident, form: str) -> list[FormEntryRow]:
    rows = FormEntryRow.objects.filter(incident=incident, form=form).select_related("by")
    return [row for row in rows.order_by("field", "-at", "-id").distinct("field") if not row.is_taken_back]


def _totals(incident: Incident) -> notify.Totals | None:
    scope = ScopeRow.objects.filter(incident=incident).order_by("-at").first()
    if scope is None:
        return None
    persons: dict[str, int] = {}
    review: dict[str, int] = {}
    rows = AffectedPerson.objects.filter(incident=incident, state__in=("sure", "outsider", "review"))
    for cell in rows.values("state", "residence").annotate(n=Count("pk")).order_by():
        into = review if cell["state"] == "review" else persons
        into[cell["residence"] or ""] = into.get(cell["residence"] or "", 0) + cell["n"]
    kinds: dict[str, dict[str, int]] = {}
    for cell in scope.counts:
        if cell["state"] != "review":
            places = kinds.setdefault(cell["kind"], {})
            places[cell["residence"] or ""] = places.get(cell["residence"] or "", 0) + cell["n"]
    return notify.Totals(
        persons=persons,
        review=review,
        kinds=dict(sorted(kinds.items())),
        n_minors=rows.exclude(state="review").filter(minor=True).count(),
        n_gaps=GapRow.objects.filter(incident=incident, settled_at=None).count(),
    )


def _told(incident: Incident) -> notify.Told:
    reached = SendingRow.objects.filter(incident=incident, state__in=queries.REACHED)
    if not reached.exists():
        return notify.Told()
    first = ReceiptRow.objects.filter(sending__incident=incident, state__in=queries.REACHED).order_by("id").values_list("at", flat=True).first()
    return notify.Told(n=reached.aggregate(n=Count("person", distinct=True))["n"], first_at=first)
