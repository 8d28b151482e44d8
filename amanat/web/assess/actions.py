"""Changes to what must be done: a new assessment, decisions about duties, and the deadlines that every page and calendar shows."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from amanat import assess
from amanat.lib.errors import Fixable
from amanat.terms.fact import fact_types
from amanat.web.accounts.models import Staff
from amanat.web.assess import queries
from amanat.web.assess.models import AssessmentRow, Awaited, DeadlineEntry, DutyDecision
from amanat.web.respond import actions as respond
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.respond.queries import facts_that_count
from amanat.web.scope.models import ScopeRow

DECISIONS = ("owned", "done", "not_required", "required", "reopened")


class NoSuchDuty(Exception):
    """The newest assessment does not know this duty."""


class LateWithoutReason(Exception):
    """What was done after its deadline is recorded with the reasons for the delay."""


class NotYet(Fixable):
    """What is said to be done lies ahead."""


@transaction.atomic
def take_in(
    incident: Incident, *, content: dict[str, Any], scope: ScopeRow | None, now: datetime, counted: list[dict[str, Any]] | None = None
) -> AssessmentRow:
    """Keeps an assessment (the content of `assessment.json`) and moves the deadlines.

    Args:
        counted: `assess.count_persons` of the exposures that it was made of.
    """
    last = _newest_locked(incident)
    # A reading takes minutes, and is taken in with the moment at which that began: what is judged last counts, whoever began first.
    at = max(now, last.at + timedelta(microseconds=1)) if last else now
    row = AssessmentRow.objects.create(incident=incident, scope=scope, at=at, content=content, counted=counted, laws=assess.law_prints())
    refresh_deadlines(incident, now=now)
    return row


@transaction.atomic
def assess_again(incident: Incident, *, by: Staff | None, now: datetime) -> AssessmentRow | None:
    """Judges the facts of today by the laws of today, with the persons as they were counted last; None where nobody kept the count.

    Texts and lists of recipients follow when the files are read again.
    """
    before = _newest_locked(incident)
    if before is not None and before.counted is None:
        return None
    counted = before.counted if before else []
    found = assess.assess(facts_that_count(incident), counted=counted or None, now=now)
    row = take_in(incident, content=assess.assessment_as_json(found), scope=before.scope if before else None, now=now, counted=counted)
    due = sum(duty.state == "due" for duty in found.duties)
    journal.write(incident, act="duties.assessed_again", at=now, by=by, what={"assessment": str(row.pk), "due": due})
    return row


def _newest_locked(incident: Incident) -> AssessmentRow | None:
    """The assessment that counts; until the transaction ends, nobody else adds one."""
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    return queries.newest(incident)


def refresh_deadlines(incident: Incident, *, now: datetime) -> None:
    """Keeps the next deadline with the incident, so that the overview needs no other table, and what calendars show."""
    found = queries.next_deadline(incident)
    incident.next_deadline_at, incident.next_deadline_for = (found.at, found.to[:200]) if found else (None, "")
    Incident.objects.filter(pk=incident.pk).update(next_deadline_at=incident.next_deadline_at, next_deadline_for=incident.next_deadline_for)
    _publish(incident, now)


def _publish(incident: Incident, now: datetime) -> None:
    """The entries of calendars follow the deadlines."""
    uids = {duty["id"]: assess.calendar_uid(duty["id"], str(incident.pk)) for duty in queries.duties_as_decided(incident)}
    wanted = [
        assess.calendar_entry(uid=uids[one.duty["id"]], due_at=one.due_at, standing=one.standing, is_done=one.is_done, zone=one.duty["zone"])
        for one in queries.deadlines(incident)
    ]
    before = {row.duty_id: row for row in DeadlineEntry.objects.select_for_update().filter(incident=incident)}
    published = {assess.calendar_uid(name, str(incident.pk)): queries.entry_of(row) for name, row in before.items()}
    of = {uid: name for name, uid in uids.items()} | {assess.calendar_uid(name, str(incident.pk)): name for name in before}
    for entry in assess.follow_calendar(wanted, published, now=now):
        if published.get(entry.uid) != entry:
            given = {name: getattr(entry, name) for name in ("due_at", "standing", "is_done", "zone", "sequence", "changed_at")}
            DeadlineEntry.objects.update_or_create(incident=incident, duty_id=of[entry.uid], defaults=given)


@transaction.atomic
def decide(
    incident: Incident,
    duty_id: str,
    *,
    decision: str,
    why: str,
    owner: Staff | None,
    by: Staff,
    now: datetime,
    done_at: datetime | None = None,
    late_why: str = "",
    due_at: datetime | None = None,
) -> DutyDecision:
    """Somebody takes a duty on ("owned"), reports it as done, decides with a reason that it is or is not required, or opens it again.

    Done after its deadline it needs the reasons for the delay. What is done is an event from which other duties may be counted: it is noted
    as a fact where nobody has noted it, and the planned dates behind it move.

    Raises:
        NoSuchDuty, LateWithoutReason, NotYet.
    """
    assert decision in DECISIONS and (decision not in ("not_required", "required") or why) and (decision != "owned" or owner)
    duty = next((duty for duty in queries.duties_as_decided(incident) if duty["id"] == duty_id), None)
    if duty is None:
        raise NoSuchDuty
    given: dict[str, Any] = {"due_at": due_at} if decision == "required" else {}
    if decision == "done":
        done_at, due = done_at or now, queries.moment_of(duty["due_at"])
        is_late = due is not None and done_at > due and duty["state"] == "due"
        if done_at > now:
            raise NotYet("what is reported as done lies ahead; write when it was really done")
        if is_late and not late_why:
            raise LateWithoutReason
        given = {"done_at": done_at, "late_why": late_why if is_late else ""}
    made = DutyDecision.objects.create(incident=incident, duty_id=duty_id, decision=decision, why=why, owner=owner, by=by, at=now, **given)
    what = {"duty": duty_id, "decision": str(made.pk)} | ({"owner": str(owner.pk)} if owner else {})
    what |= {"done_at": made.done_at.isoformat(), "late": bool(made.late_why)} if made.done_at else {}
    journal.write(incident, act=f"duty.{decision}", at=now, by=by, what=what, why=why)
    if decision == "done" and _note_what_has_happened(incident, duty_id, at=made.done_at, by=by, now=now):
        assess_again(incident, by=by, now=now)
    refresh_deadlines(incident, now=now)
    return made


def _note_what_has_happened(incident: Incident, duty_id: str, *, at: datetime, by: Staff, now: datetime) -> bool:
    """Notes the events that a done duty brings about; a date that somebody gave before stays."""
    known, is_new = facts_that_count(incident), False
    for name in assess.events_of(duty_id):
        standing = known.get(name)
        if name in fact_types() and (standing is None or standing.status == "unknown"):
            respond.note_fact(incident, name=name, value=at.isoformat(), status="known", since=at, source=duty_id, by=by, now=now)
            is_new = True
    return is_new


@transaction.atomic
def wait_for(incident: Incident, fact: str, *, owner: Staff, known_by: datetime, by: Staff, now: datetime) -> Awaited:
    """Keeps that nobody knows it yet, who finds out, and by when."""
    row = Awaited.objects.create(incident=incident, fact=fact, owner=owner, known_by=known_by, by=by, at=now)
    journal.write(
        incident, act="fact.awaited", at=now, by=by, what={"fact": fact, "owner": str(owner.pk), "known_by": known_by.isoformat(timespec="minutes")}
    )
    return row
