"""The job that draws a sample. The table is the truth: a job only says that somebody should look."""

import shutil
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from amanat.lib.errors import Fixable
from amanat.terms.company import read_company
from amanat.terms.incident import register_in
from amanat.web import scratch, wishes
from amanat.web.children import ask_amanat, how_it_ended
from amanat.web.respond.models import Incident, KeysErased
from amanat.web.scope import audited, auditing
from amanat.web.scope.actions import write_reviews
from amanat.web.scope.models import Audit

ERASED = "the persons of this incident were erased, so its files are not read again"


@app.task(name="draw_audit", queue="incidents", pass_context=True)
def draw_audit(_context: JobContext | None, audit_id: str) -> None:
    """Reads the files again as they are now, and draws from what was read the sample that was asked for."""
    audit = auditing.claim(UUID(audit_id), now=timezone.now())
    if audit is None:
        return  # done already, or somebody else is at it
    folder, sentence = audited.folder_of(audit), ""
    try:
        shutil.rmtree(folder, ignore_errors=True)  # of an attempt that was killed
        sentence = ERASED if audit.incident.wrapped_keys is None else _drawn(audit, folder)
        if not sentence:
            auditing.take_in(audit, folder / "audit", now=timezone.now())
    except KeysErased:
        sentence = ERASED
    finally:
        # What it names persons by has come under the incident's key, and must not lie here as well.
        shutil.rmtree(folder, ignore_errors=True)
    if sentence:
        auditing.give_up(audit, sentence=sentence, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="sweep_audits", queue="sweep", queueing_lock="sweep_audits")
def sweep_audits(timestamp: int) -> None:
    """Gives samples that nobody draws a new chance."""
    ring_for_unfinished()


def ring_for_unfinished() -> int:
    """A job for every sample that waits, or whose worker has gone silent; returns how many."""
    return wishes.ring_for_unfinished(Audit, auditing.ring)


@app.task(name="warm_scan", queue="incidents", queueing_lock="warm_scan")
def warm_scan() -> None:
    """Compiles the scan where that was not done yet, so that whoever wants to see a record does not wait for it."""
    ask_amanat(["scope", "check"])


def _drawn(audit: Audit, folder: Path) -> str:
    """Draws into the folder, in processes that have none of our secrets; nothing, or the sentence that says what is missing."""
    incident = audit.incident

    def alive() -> None:
        wishes.is_alive(audit)
        connection.close_if_unusable_or_obsolete()

    with scratch.folder("audit") as given:
        try:
            arguments = _as_the_run_has_it(incident, given)
        except (Fixable, OSError) as error:
            return str(error)
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        progress = ["--progress", str(folder.parent / f"audit-{audited.PROGRESS}")]
        files = str(Path(incident.folder) / "files")
        code, answer = ask_amanat(["scope", "files", files, *arguments, "--out", str(folder), *progress], while_waiting=alive)
        if code == 0:
            drawing = ["--sample", str(audit.n_wanted), "--seed", str(audit.seed), "--files", files, *_register_and_passwords(incident)]
            code, answer = ask_amanat(["scope", "audit", str(folder), *drawing, *progress], while_waiting=alive)
    return "" if code == 0 else str(answer.get("error") or how_it_ended(code, ""))


def _as_the_run_has_it(incident: Incident, given: Path) -> list[str]:
    folder = Path(incident.folder)
    arguments = _register_and_passwords(incident)
    arguments += [word for domain in read_company(folder / "company.toml").domains for word in ("--own-domain", domain)]
    reviewed = given / "reviewed.csv"
    return arguments + (["--reviewed", str(reviewed)] if write_reviews(incident, reviewed) else [])


def _register_and_passwords(incident: Incident) -> list[str]:
    folder = Path(incident.folder)
    register = register_in(folder)
    arguments = ["--register", str(register)] if register else []
    return arguments + (["--passwords", str(folder / "passwords.txt")] if (folder / "passwords.txt").is_file() else [])
