"""The job that measures. The table is the truth: a job only says that somebody should look."""

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from amanat.web import sealed, uploads, wishes
from amanat.web.children import ask_amanat
from amanat.web.respond.models import KeysErased
from amanat.web.scope.models import AffectedPerson
from amanat.web.trust import actions, own, queries
from amanat.web.trust.models import TrustReport

ROOM_LEFT = 256 << 20  # bytes that others may need


@app.task(name="measure_trust", queue="incidents", pass_context=True)
def measure_trust(_context: JobContext | None, report_id: str) -> None:
    """Measures what affected persons did beside the others, and keeps the numbers."""
    report = actions.claim(UUID(report_id), now=timezone.now())
    if report is None:
        return  # done already, or somebody else is at it
    content, sentence = None, ""
    try:
        content, sentence = _measured(report)
    except KeysErased:
        sentence = "the persons of this incident were erased, so nobody can tell any more who was affected"
    actions.finish(report, content=content, sentence=sentence, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="sweep_trust", queue="sweep", queueing_lock="sweep_trust")
def sweep_trust(timestamp: int) -> None:
    """Gives reports that nobody works on a new chance, and deletes uploads that nobody kept."""
    ring_for_unfinished()
    uploads.delete_left()


def ring_for_unfinished() -> int:
    """A job for every report that waits, or whose worker has gone silent; returns how many."""
    return wishes.ring_for_unfinished(TrustReport, actions.ring)


def _measured(report: TrustReport) -> tuple[dict[str, Any] | None, str]:
    """`report.json`, or the sentence that says what is missing."""
    incident = report.incident
    events = queries.folder_of(report) / "events" if report.is_uploaded else queries.events_of_folder(incident)
    if events is None or not events.is_file():
        return None, "there are no events any more; put events.parquet into the incident's folder, or upload a table"
    if not AffectedPerson.objects.filter(incident=incident).exists():
        return None, "nobody knows yet who is affected; read the stolen files first, then measure again"
    # Who was affected, told and answered, and what was uploaded, is in the clear for the length of the measurement only: in files
    # without a name, which are gone with us however we end.
    with contextlib.ExitStack() as stack:
        ours = {name: stack.enter_context(_nameless(0)) for name in ("exposures", "receipts", "answers", "cases")}
        written = own.write(incident, **ours)
        given = {name: file for name, file in ours.items() if name == "exposures" or getattr(written, f"n_{name}")}
        if report.is_uploaded:
            given["events"] = stack.enter_context(_nameless(events.stat().st_size))
            key = bytes.fromhex(incident.keys().decrypt(report.sealed_key, place=actions.SEALED_KEY, row=report.pk))
            given["events"].writelines(sealed.opened(events, key))
            given["events"].flush()
        paths = {name: f"/dev/fd/{file.fileno()}" for name, file in given.items()}
        arguments = ["trust", "report", paths.pop("events", str(events))]
        arguments += [word for name, path in paths.items() for word in (f"--{name}", path)]
        if register := queries.register_of_folder(incident):
            arguments += ["--persons", str(register)]
        if report.since:
            arguments += ["--since", report.since.isoformat()]

        def alive() -> None:
            wishes.is_alive(report)
            connection.close_if_unusable_or_obsolete()

        code, answer = ask_amanat(arguments, while_waiting=alive, fds=[file.fileno() for file in given.values()])
        if code == 0 and "measures" in answer:
            return {name: value for name, value in answer.items() if name != "files"}, ""
        sentence = str(answer.get("error") or f"the measurement ended unexpectedly (exit {code}); call `amanat trust report` on the table to see why")
        for name, file in given.items():
            sentence = sentence.replace(f"/dev/fd/{file.fileno()}", "the table" if name == "events" else f"our own table of {name}")
    return None, sentence


def _nameless(size: int) -> IO[bytes]:
    """A file without a name: in memory where there is room, else beside the database; the system frees it when nobody holds it open."""
    for folder in (Path("/dev/shm"), Path(settings.DATA)):  # noqa: S108
        if folder.is_dir() and shutil.disk_usage(folder).free > 2 * size + ROOM_LEFT:
            return tempfile.TemporaryFile(dir=folder)
    return tempfile.TemporaryFile(dir=settings.DATA)
