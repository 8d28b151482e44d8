"""The incident of seven months ago: declared, read, assessed, signed by two, told, and everything that came after, by the same code on a moved clock.

Each step looks whether it was done, so that a demonstration that was killed goes on where it stopped.
"""

import time
from datetime import datetime, timedelta
from pathlib import Path

from amanat.lib.errors import Fixable
from amanat.terms.fact import read_facts
from amanat.web.accounts.models import Staff
from amanat.web.assess import actions as duties
from amanat.web.assess import queries as assessed
from amanat.web.assess.models import DutyDecision
from amanat.web.care.models import Visit
from amanat.web.demo import TITLES, inbox, persons
from amanat.web.demo.clock import PastClock, lived_by
from amanat.web.demo.live import add_staff, make_story
from amanat.web.notify import actions as notices
from amanat.web.notify import plans, queries
from amanat.web.notify.models import SendingRow
from amanat.web.notify.tasks import send_notices
from amanat.web.public import actions as public
from amanat.web.public import queries as published
from amanat.web.respond import actions
from amanat.web.respond.models import PHASES, Incident, Run
from amanat.web.tasks import run_incident
from amanat.web.trust import actions as trust
from amanat.web.trust.models import TrustReport

# Enough persons for an interval that says something: two hundred times fewer than a real chain, so its effect is larger, too.
N_PERSONS, EXCESS_CHURN = 1_200, 0.08
AGO = timedelta(days=212)  # from then on half a year can be looked at
# After the company became aware, as a team that has practised would do it; the first notices leave when the practice events say so.
DECLARED, READ, FILED, SIGNED, APPROVED, TOLD, UPDATED = (
    timedelta(minutes=minutes) for minutes in (25, 70, 50 * 60, 57 * 60, 59 * 60, 60 * 60, 95 * 60)
)
WAIT_SECONDS = 900


class NotLived(Fixable):
    """The earlier incident could not be lived through."""


def is_over(data: Path) -> bool:
    """Whether it was lived through up to the question about trust, or its persons were erased since."""
    incident = found(data)
    return incident is not None and (incident.wrapped_keys is None or TrustReport.objects.filter(incident=incident).exists())


def live_through(data: Path, staff: dict[str, Staff], *, now: datetime) -> None:
    """All of it, from wherever it stands."""
    story = _story(data)
    make_story(story, persons=N_PERSONS, at=(now - AGO).replace(microsecond=0), excess_churn=EXCESS_CHURN)
    aware = read_facts(story / "facts.toml")["awareness"].value
    if not isinstance(aware, datetime):
        raise NotLived(f"{story / 'facts.toml'}: says nothing of `awareness`; delete the folder {data / 'demo'} and start again")
    clock = PastClock(aware)
    with lived_by(clock):
        incident = _declared(data, staff, clock, aware)
        _read(incident, clock, aware)
        _move(incident, "containment", staff, clock)
        _file_what_is_due(incident, staff, clock.put_to(aware + FILED), but="individuals")
        _move(incident, "eradication", staff, clock)
        inbox.wait_for()
        _tell(incident, staff, clock, aware)
        _file_what_is_due(incident, staff, clock.put_to(aware + TOLD + timedelta(hours=20)))
        _move(incident, "recovery", staff, clock)
        _keep_the_promise(incident, staff, clock.put_to(aware + UPDATED))
        if not Visit.objects.filter(incident=incident).exists():
            persons.live(incident, story, staff, clock)
        _move(incident, "lessons", staff, clock)
    # The last question is asked today, and the worker answers it.
    trust.ask(incident, by=staff["author"], now=now)


def _declared(data: Path, staff: dict[str, Staff], clock: PastClock, aware: datetime) -> Incident:
    incident = found(data)
    if incident is None:
        now = clock.put_to(aware + DECLARED)
        incident = actions.declare(title=TITLES["lived"], kind="data_breach", by=staff["author"], now=now, folder=str(_story(data)), is_drill=True)
    add_staff(incident, staff, now=clock.now())
    return incident


def _read(incident: Incident, clock: PastClock, aware: datetime) -> None:
    """The run over its files; one that was cut off is taken up when whoever had it is silent for long enough."""
    if Run.objects.filter(incident=incident, state="done").exists():
        return
    run = actions.ask_for_run(incident, by=incident.declared_by, now=clock.put_to(aware + READ))
    until = time.monotonic() + WAIT_SECONDS
    while run.state != "done":
        run_incident(None, str(run.pk))
        run.refresh_from_db()
        if run.state == "failed" or time.monotonic() > until:
            raise NotLived(f"the files of the earlier incident could not be read: {run.sentence or 'it took too long'}")
        if run.state != "done":
            time.sleep(5)


# Kept only with what was filed after its deadline; the law asks for the reasons.
LATE = "The affected persons were not all known before: the register had to be restored first."


def _move(incident: Incident, phase: str, staff: dict[str, Staff], clock: PastClock) -> None:
    """On to this phase, unless the incident stands there or further already."""
    order = list(PHASES)
    if order.index(incident.phase) < order.index(phase):
        actions.move_phase(incident, phase, by=staff["author"], now=clock.now())


def _file_what_is_due(incident: Incident, staff: dict[str, Staff], now: datetime, *, but: str = "") -> None:
    """What is owed to anybody, but these, was done, and is noted as done."""
    row = assessed.newest(incident)
    done = set(DutyDecision.objects.filter(incident=incident).values_list("duty_id", flat=True))
    for duty in row.content["duties"] if row else ():
        if duty["state"] == "due" and duty["to"] != but and duty["id"] not in done:
            duties.decide(incident, duty["id"], decision="done", why="", owner=None, by=staff["approver"], now=now, late_why=LATE)


def _tell(incident: Incident, staff: dict[str, Staff], clock: PastClock, aware: datetime) -> None:
    """Two signatures, then the mails, to the local inbox."""
    approval = queries.standing_approval(incident)
    if approval is None:
        now, planned = clock.put_to(aware + SIGNED), plans.planned(incident)
        approval = notices.sign(incident, now_planned=planned, typed=str(planned.n), by=staff["author"], now=now)
    if approval.approver_id is None:
        now, planned = clock.put_to(aware + APPROVED), plans.planned(incident)
        approval = notices.countersign(incident, approval.pk, now_planned=planned, typed=str(planned.n), by=staff["approver"], now=now)
    clock.put_to(aware + TOLD)
    until = time.monotonic() + WAIT_SECONDS
    while SendingRow.objects.filter(approval=approval, state__in=queries.OPEN).exists():
        send_notices(None, str(approval.pk))
        approval.refresh_from_db()
        if approval.stopped_at or approval.voided_at or time.monotonic() > until:
            raise NotLived(f"the notices of the earlier incident did not leave: {approval.stop_why or approval.void_why or 'it took too long'}")
        time.sleep(0.2)


def _keep_the_promise(incident: Incident, staff: dict[str, Staff], now: datetime) -> None:
    """The update that the notices promised: one writes it, another publishes it, and it promises no further one."""
    if not published.published(incident):
        draft = public.write_update(incident, words=published.words_to_begin_with(incident), next_at=None, by=staff["author"], now=now)
        public.publish(incident, draft.pk, by=staff["approver"], now=now)


def found(data: Path) -> Incident | None:
    """The earlier incident, as far as it was made."""
    return Incident.objects.filter(folder=str(_story(data))).first()


def _story(data: Path) -> Path:
    return data / "demo" / "lived"
