"""Jobs of the whole incident. The tables are the truth: a job only says that somebody should look.

Every worker also sweeps once a minute: what is unfinished and has nobody working on it gets a new job.
"""

import time
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from amanat.lib.errors import Fixable
from amanat.terms.fact import facts_as_toml, read_facts
from amanat.web import intake, scratch, wishes
from amanat.web.children import ask_amanat, how_it_ended
from amanat.web.respond import journal
from amanat.web.respond.actions import ring, take_in_facts
from amanat.web.respond.models import Incident, Run
from amanat.web.respond.queries import facts_that_count
from amanat.web.scope.actions import write_reviews

ERASED = "the persons of this incident were erased, so its files are not read again"


@app.task(name="run_incident", queue="incidents", pass_context=True)
def run_incident(_context: JobContext, run_id: str) -> None:
    """Reads an incident's files, assesses it and composes its notices, and takes the results into the tables."""
    run = claim(UUID(run_id))
    if run is None:
        return  # done already, or somebody else is at it
    began = time.monotonic()
    out = _folder_of(run)
    out.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        code, sentence = (1, ERASED) if run.incident.wrapped_keys is None else _run_in_child(run, out)
        if code == 0:
            intake.take_in(run.incident, out, seconds=time.monotonic() - began, now=timezone.now())
    finally:
        intake.clear(out)
    _finish(run, is_done=code == 0, sentence=sentence)


@app.periodic(cron="* * * * *")
@app.task(name="sweep", queue="sweep", queueing_lock="sweep", pass_context=True)
async def sweep(context: JobContext, timestamp: int) -> None:
    """Gives stalled jobs and unfinished runs a new chance."""
    from asgiref.sync import sync_to_async

    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await context.app.job_manager.retry_job(job)
    await sync_to_async(ring_for_unfinished)()
    await sync_to_async(scratch.sweep)()


def ring_for_unfinished() -> int:
    """A job for every run that waits, or whose worker has gone silent; returns how many."""
    return wishes.ring_for_unfinished(Run, ring)


@transaction.atomic
def claim(run_id: UUID) -> Run | None:
    """The run, if it is ours to do now: nobody works on it, and it has not failed too often."""
    run: Run | None = wishes.claim(Run, run_id)
    if run is not None and wishes.is_hopeless(run):
        _finish(run, is_done=False, sentence=wishes.GIVEN_UP)
        intake.clear(_folder_of(run))  # nobody else will
        return None
    return run


def _folder_of(run: Run) -> Path:
    return Path(settings.DATA) / "cases" / str(run.incident_id)


def _run_in_child(run: Run, out: Path) -> tuple[int, str]:
    """`amanat run` in a process without our database, keys or secrets: what it reads may be hostile."""

    def alive() -> None:
        wishes.is_alive(run)
        connection.close_if_unusable_or_obsolete()

    with scratch.folder("run") as given:
        arguments = ["run", run.incident.folder, "--out", str(out), "--now", timezone.now().isoformat()]
        code, answer = ask_amanat([*arguments, *_what_staff_decided(run.incident, given)], while_waiting=alive)
    return code, "" if code == 0 else str(answer.get("error") or how_it_ended(code, ""))


def _what_staff_decided(incident: Incident, folder: Path) -> list[str]:
    """Facts as they count by now, and reviewers' decisions, as arguments for the run."""
    arguments: list[str] = []
    try:
        in_folder = read_facts(Path(incident.folder) / "facts.toml")
    except (Fixable, OSError):
        return arguments  # the run itself says what to mend
    take_in_facts(incident, in_folder, by=incident.declared_by, now=timezone.now())
    facts, reviewed = folder / "facts.toml", folder / "reviewed.csv"
    facts.write_text(facts_as_toml(facts_that_count(incident)), encoding="utf-8")
    arguments += ["--facts", str(facts)]
    return arguments + (["--reviewed", str(reviewed)] if write_reviews(incident, reviewed) else [])


@transaction.atomic
def _finish(run: Run, *, is_done: bool, sentence: str) -> None:
    now = timezone.now()
    Run.objects.filter(pk=run.pk).update(state="done" if is_done else "failed", finished_at=now, sentence=sentence)
    journal.write(run.incident, act="run.finished" if is_done else "run.failed", at=now, what={"run": str(run.pk)}, why=sentence)
