"""Changes to an incident: declare it, give roles, note facts, erase its people."""

import contextlib
import shutil
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import transaction

from amanat.lib.errors import Fixable
from amanat.terms.fact import Fact
from amanat.web import crypto
from amanat.web.accounts.models import Staff
from amanat.web.detect.models import AlertRow
from amanat.web.respond import journal
from amanat.web.respond.models import PHASES, CarriedAlert, Decision, FactRow, Incident, Membership, Run, Task
from amanat.web.respond.queries import newest_facts


class StillDue(Fixable):
    """An incident is not closed while a deadline of it is open."""


@transaction.atomic
def declare(*, title: str, kind: str, by: Staff, now: datetime, folder: str = "", is_drill: bool = False) -> Incident:
    """Opens an incident with keys and a journal of its own; who declares it leads it until the lead is handed on."""
    incident = Incident(title=title, kind=kind, declared_at=now, declared_by=by, folder=folder, is_drill=is_drill)
    incident.wrapped_keys = crypto.wrap(crypto.new_keys(), incident_id=incident.id)
    incident.save()
    journal.write(incident, act="incident.declared", at=now, by=by, what={"kind": kind, "is_drill": is_drill})
    add_member(incident, staff=by, role="lead", by=by, now=now)
    return incident


@transaction.atomic
def add_member(incident: Incident, *, staff: Staff, role: str, by: Staff, now: datetime) -> None:
    """Gives a staff member a role in the incident; nothing happens when they have it."""
    _membership, is_new = Membership.objects.get_or_create(incident=incident, staff=staff, role=role, defaults={"since": now})
    if is_new:
        journal.write(incident, act="member.added", at=now, by=by, what={"staff": str(staff.pk), "role": role})


@transaction.atomic
def move_phase(incident: Incident, phase: str, *, by: Staff, now: datetime) -> bool:
    """Where the response stands from now on, forwards or back; False when it stands there already.

    Raises:
        StillDue: it would be closed with a deadline open.
    """
    assert phase in PHASES
    before = Incident.objects.select_for_update(no_key=True).only("phase", "next_deadline_at").get(pk=incident.pk)
    if before.phase == phase:
        return False
    if phase == "closed" and before.next_deadline_at is not None:
        raise StillDue("a deadline is still open; settle its duty as done or, with a reason, as not required, and close the incident then")
    Incident.objects.filter(pk=incident.pk).update(phase=phase)
    incident.phase = phase
    journal.write(incident, act="phase.moved", at=now, by=by, what={"from": before.phase, "to": phase})
    ring_for_status()  # a closed incident leaves the page
    return True


@transaction.atomic
def note_fact(
    incident: Incident, *, name: str, value: Any, status: str, by: Staff, now: datetime, since: datetime | None = None, source: str = ""
) -> FactRow:
    """Adds what is now known, believed or not known; earlier values stay readable."""
    assert (status == "unknown") == (value is None)
    row = FactRow.objects.create(incident=incident, name=name, value=value, status=status, since=since, source=source, by=by, at=now)
    journal.write(incident, act="fact.noted", at=now, by=by, what={"fact": name, "status": status, "row": str(row.pk)})
    return row


@transaction.atomic
def take_in_facts(incident: Incident, facts: Mapping[str, Fact], *, by: Staff, now: datetime) -> int:
    """Notes what is new in the facts of the incident's folder; returns how many were new or had changed.

    A fact that staff noted and that became known later than the folder's counts on; the folder's is kept beside it and shown.
    """
    counts, of_folder = newest_facts(incident), newest_facts(incident, origin="folder")
    rows = []
    for fact in facts.values():
        value = fact.value.isoformat() if isinstance(fact.value, date) else fact.value
        row = FactRow(incident=incident, name=fact.name, value=value, status=fact.status, since=fact.since, source=fact.source[:300], by=by, at=now)
        row.origin = "folder"
        old, standing = of_folder.get(fact.name), counts.get(fact.name)
        if old is None or (old.value, old.status, old.since, old.source) != (row.value, row.status, row.since, row.source):
            # What somebody corrected on the screens gives way only to something that became known later.
            row.is_set_aside = standing is not None and standing.origin == "staff" and row.holds_since <= standing.holds_since
            rows.append(row)
    FactRow.objects.bulk_create(rows)
    if rows:
        aside = sorted(row.name for row in rows if row.is_set_aside)
        what = {"facts": sorted(row.name for row in rows)} | ({"set_aside": aside} if aside else {})
        journal.write(incident, act="facts.taken_in", at=now, by=by, what=what)
    return len(rows)


@transaction.atomic
def add_task(incident: Incident, *, what: str, owner: Staff, due_at: datetime | None, by: Staff, now: datetime) -> Task:
    """Gives somebody something to do."""
    task = Task.objects.create(incident=incident, what=what, owner=owner, due_at=due_at, by=by, at=now)
    journal.write(incident, act="task.added", at=now, by=by, what={"task": str(task.pk), "owner": str(owner.pk)})
    return task


@transaction.atomic
def finish_task(incident: Incident, task_id: UUID, *, by: Staff, now: datetime) -> bool:
    """Marks a task as done; False when it was done already, or is of another incident."""
    is_new = Task.objects.filter(incident=incident, pk=task_id, done_at=None).update(done_at=now, done_by=by) == 1
    if is_new:
        journal.write(incident, act="task.done", at=now, by=by, what={"task": str(task_id)})
    return is_new


@transaction.atomic
def note_decision(incident: Incident, *, what: str, why: str, by: Staff, now: datetime) -> Decision:
    """Keeps what was decided, with the reason. The journal names it; the words stay where they can be erased."""
    decision = Decision.objects.create(incident=incident, what=what, why=why, by=by, at=now)
    journal.write(incident, act="decision.noted", at=now, by=by, what={"decision": str(decision.pk)})
    return decision


@transaction.atomic
def erase_people(incident: Incident, *, by: Staff, now: datetime, why: str) -> None:
    """Destroys the incident's keys and the files of its runs: its persons cannot be read any more, by anyone.

    What does not stand under the key and may name a person, each table takes out itself (`forget_people`). Counts and the journal
    stay. Copies of the database taken earlier still hold the wrapped keys until those copies are deleted.
    """
    Incident.objects.filter(pk=incident.pk).update(wrapped_keys=None, keys_erased_at=now)
    incident.wrapped_keys, incident.keys_erased_at = None, now
    for table in apps.get_models():
        if forget := getattr(table, "forget_people", None):
            forget(incident)
    # What the print shop had taken over lies there with names and addresses; lists of files repeat what these are called.
    shutil.rmtree(settings.DATA / "cases" / str(incident.pk), ignore_errors=True)
    journal.write(incident, act="people.erased", at=now, by=by, why=why)


@transaction.atomic
def ask_for_run(incident: Incident, *, by: Staff | None, now: datetime) -> Run:
    """Has the worker read the files and assess again; when one is waiting or running already, that one is returned."""
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    under_way = Run.objects.filter(incident=incident, state__in=("asked", "running")).first()
    if under_way:
        return under_way
    run = Run.objects.create(incident=incident, asked_at=now, asked_by=by)
    journal.write(incident, act="run.asked", at=now, by=by, what={"run": str(run.pk)})
    ring(run)
    return run


def ring_for_status() -> None:
    """Has the files of the status page written anew, once the transaction stands; who rings while it waits changes nothing."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import AlreadyEnqueued

    def defer() -> None:
        with contextlib.suppress(AlreadyEnqueued):
            app.configure_task(name="write_status", queue="sweep", queueing_lock="write-status").defer()

    transaction.on_commit(defer)


def ring(run: Run) -> None:
    """Tells the workers that there is something to do, once the transaction stands."""
    from procrastinate.contrib.django import app

    transaction.on_commit(lambda: app.configure_task(name="run_incident", queue="incidents", queueing_lock=f"run-{run.pk}").defer(run_id=str(run.pk)))


@transaction.atomic
def open_from_alert(alert: AlertRow, *, title: str, by: Staff, now: datetime, folder: str = "", is_drill: bool = False) -> Incident:
    """Declares an incident because of an alert, which it carries along."""
    incident = declare(title=title, kind=alert.kind, by=by, now=now, folder=folder, is_drill=is_drill)
    carry_alert(incident, alert, by=by, now=now)
    # Believed: that something was seen is sure, what it was is not. The moment can be corrected.
    note_fact(incident, name="detection", value=alert.at.isoformat(), status="believed", by=by, now=now, source="an alert of amanat")
    return incident


@transaction.atomic
def carry_alert(incident: Incident, alert: AlertRow, *, by: Staff, now: datetime) -> CarriedAlert:
    """Copies an alert with its evidence into the incident, under the incident's key; nothing happens when it is there already."""
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    there = CarriedAlert.objects.filter(incident=incident, fingerprint=alert.alert_id).first()
    if there:
        return there
    row = CarriedAlert(incident=incident, alert=alert, fingerprint=alert.alert_id, kind=alert.kind, severity=alert.severity, by=by, at=now)
    row.since, row.until, row.n_events = alert.since, alert.until, alert.n_events
    content = {**alert.opened(), "digests": alert.handed_in.digests}
    row.sealed = incident.keys().encrypt(content, place="respond_carriedalert.sealed", row=row.id)
    row.save()
    what = {"alert": alert.alert_id, "kind": alert.kind, "severity": alert.severity, "n_events": alert.n_events, "files": alert.handed_in.digests}
    journal.write(incident, act="alert.carried", at=now, by=by, what=what)
    return row
