"""The job that measures. The table is the truth: a job only says that somebody should look."""

import json
import tempfile
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from amanat.web.children import ask_amanat
from amanat.web.respond.models import KeysErased
from amanat.web.scope.models import AffectedPerson
from amanat.web.scope.people import reveal_many
from amanat.web.trust import actions, queries
from amanat.web.trust.models import TrustReport

BATCH = 50_000
# Somebody else, as a reviewer decided: not affected by this incident.
NOT_AFFECTED = ("refused", "outsider")


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
    """Gives reports that nobody works on a new chance."""
    ring_for_unfinished()


def ring_for_unfinished() -> int:
    """A job for every report that waits, or whose worker has gone silent; returns how many."""
    n = 0
    for report in TrustReport.objects.filter(Q(state="asked") | Q(state="running", alive_at__lt=timezone.now() - actions.SILENT_FOR)):
        try:
            actions.ring(report)
            n += 1
        except AlreadyEnqueued:
            continue  # its job still waits in the queue
    return n


def _measured(report: TrustReport) -> tuple[dict[str, Any] | None, str]:
    """`report.json`, or the sentence that says what is missing."""
    events = queries.folder_of(report) / "events" if report.is_uploaded else queries.events_of_folder(report.incident)
    if events is None or not events.is_file():
        return None, "there are no events any more; put events.parquet into the incident's folder, or upload a table"
    if not AffectedPerson.objects.filter(incident=report.incident).exists():
        return None, "nobody knows yet who is affected; read the stolen files first, then measure again"
    # Who was affected is written down for the length of the measurement only, in a folder of our own.
    with tempfile.TemporaryDirectory(prefix="amanat-trust-") as temporary:
        exposures, out = Path(temporary) / "exposures.parquet", Path(temporary) / "out"
        _write_exposures(report, exposures)
        arguments = ["trust", "report", str(events), "--exposures", str(exposures), "--out", str(out)]
        if register := queries.register_of_folder(report.incident):
            arguments += ["--persons", str(register)]
        if report.since:
            arguments += ["--since", report.since.isoformat()]

        def alive() -> None:
            TrustReport.objects.filter(pk=report.pk).update(alive_at=timezone.now())
            connection.close_if_unusable_or_obsolete()

        code, answer = ask_amanat(arguments, while_waiting=alive)
        if code == 0:
            return json.loads((out / "report.json").read_text(encoding="utf-8")), ""
    return None, str(answer.get("error") or f"the measurement ended unexpectedly (exit {code}); call `amanat trust report` on the table to see why")


def _write_exposures(report: TrustReport, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = AffectedPerson.objects.filter(incident=report.incident).exclude(state__in=NOT_AFFECTED).only("id", "secret", "state")
    schema = pa.schema([("person_id", pa.string()), ("state", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        batch: list[AffectedPerson] = []

        def write() -> None:
            ids = [secret["person_id"] for _row, secret in reveal_many(report.incident, batch)]
            writer.write_table(pa.table({"person_id": ids, "state": [row.state for row in batch]}, schema=schema))
            batch.clear()

        for row in rows.iterator(BATCH):
            batch.append(row)
            if len(batch) == BATCH:
                write()
        write()
