"""The incident that begins now: mail and logs are handed in, the worker judges them, and the gravest alert opens the incident."""

import shutil
import time
import tomllib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction

from amanat import prepare
from amanat.lib.errors import Fixable
from amanat.terms.fact import read_facts
from amanat.web.accounts.models import Staff
from amanat.web.demo import STAFF, TITLES
from amanat.web.detect import actions as detect
from amanat.web.detect.models import AlertRow, HandedIn
from amanat.web.readiness import actions as readiness
from amanat.web.readiness import queries as sheets
from amanat.web.respond import actions
from amanat.web.respond.models import Incident, Run

N_PERSONS, SEED = 2_000, 1
WAIT_SECONDS = 900  # for the worker to read what was handed in
GRAVE = ("critical", "high")


class NotRead(Fixable):
    """The worker could not read what the demonstration handed in."""


def found(data: Path) -> Incident | None:
    """The incident, if it was opened already; what became of it since is staff's business."""
    return Incident.objects.filter(folder=str(_story(data))).first()


def begin(data: Path, staff: dict[str, Staff], *, clock: Callable[[], datetime]) -> Incident:
    """From the traces to an open incident whose files the worker reads next."""
    story = _story(data)
    make_story(story, persons=N_PERSONS, at=clock())
    keep_controls(story, now=clock())
    rows = hand_in_traces(story / "traces", by=staff["author"], now=clock())
    wait_for(rows)
    return open_incident(story, rows, staff, clock=clock)


def make_story(story: Path, *, persons: int, at: datetime, **more: float) -> None:
    """A practice company's story folder, made once: under another name until it is whole."""
    if story.exists():
        return
    half = story.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    half.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    prepare.make_company(half, persons=persons, seed=SEED, at=at, **more)
    half.rename(story)


def keep_controls(story: Path, *, now: datetime) -> None:
    """What the invented company says about its controls, taken over once."""
    if sheets.newest_sheet() is None:
        content, company = (tomllib.loads((story / name).read_text(encoding="utf-8")) for name in ("controls.toml", "company.toml"))
        readiness.keep(content, company, by=None, now=now)


def hand_in_traces(traces: Path, *, by: Staff, now: datetime) -> list[HandedIn]:
    """Mail and logs as staff would hand them in; those that were handed in before a restart are not handed in again."""
    found = list(HandedIn.objects.filter(by=by))
    if found:
        return found
    return [
        detect.hand_in([(path.name, path.read_bytes()) for path in sorted((traces / folder).iterdir())], what=what, by=by, now=now)
        for what, folder in (("mail", "mail"), ("logs", "logs"))
    ]


def wait_for(rows: list[HandedIn], *, seconds: float = WAIT_SECONDS) -> None:
    """Until the worker has read them all."""
    until = time.monotonic() + seconds
    for row in rows:
        while row.state in ("asked", "running") and time.monotonic() < until:
            time.sleep(0.3)
            row.refresh_from_db(fields=["state", "sentence"])
        if row.state != "done":
            raise NotRead(f"the practice company's {row.what} could not be read: {row.sentence or 'no worker came to it'}")


@transaction.atomic
def open_incident(story: Path, rows: list[HandedIn], staff: dict[str, Staff], *, clock: Callable[[], datetime]) -> Incident:
    """The gravest sign that data left opens the incident; the other grave alerts join it."""
    author = staff["author"]
    grave = [alert for alert in AlertRow.objects.filter(handed_in__in=rows).select_related("handed_in") if alert.severity in GRAVE]
    grave.sort(key=lambda alert: (alert.kind != "data_breach", GRAVE.index(alert.severity), -alert.n_events))
    if not grave:
        raise NotRead("nothing grave was seen in the practice company's mail and logs, so there is nothing to open an incident from")
    incident = actions.open_from_alert(grave[0], title=TITLES["live"], by=author, now=clock(), folder=str(story), is_drill=True)
    for alert in grave[1:]:
        actions.carry_alert(incident, alert, by=author, now=clock())
    # What amanat believed when it saw the alert, corrected as a lead would: the company's own people had seen it some hours before.
    seen = read_facts(story / "facts.toml")["detection"]
    if isinstance(seen.value, datetime):
        actions.note_fact(incident, name="detection", value=seen.value.isoformat(), status="known", by=author, now=clock(), source=seen.source)
    add_staff(incident, staff, now=clock())
    actions.ask_for_run(incident, by=author, now=clock())
    return incident


def is_being_read(incident: Incident) -> bool:
    """Whether the worker has still to read its files, or is at it."""
    return Run.objects.filter(incident=incident, state__in=("asked", "running")).exists()


def wait_until_read(incident: Incident, *, seconds: float = WAIT_SECONDS) -> None:
    """Until the worker has read the stolen files: two readings at once would keep whoever looks waiting twice as long."""
    until = time.monotonic() + seconds
    while is_being_read(incident) and time.monotonic() < until:
        time.sleep(1)


def add_staff(incident: Incident, staff: dict[str, Staff], *, now: datetime) -> None:
    """Everybody in the role that `STAFF` gives them."""
    for key, _name, _email, role, *_more in STAFF:
        actions.add_member(incident, staff=staff[key], role=role, by=staff["author"], now=now)


def _story(data: Path) -> Path:
    return data / "demo" / "story"
