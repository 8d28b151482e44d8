"""Jobs: read what was handed in, in a process without our database, keys or secrets."""

import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from amanat.lib import settings as outside
from amanat.web import scratch
from amanat.web.children import ask_amanat
from amanat.web.detect import actions
from amanat.web.detect.models import HandedIn

SILENT_FOR = timedelta(minutes=12)
SECONDS_MAX = 600
ATTEMPTS_MAX = 3


@app.task(name="read_handed_in", queue="incidents")
def read_handed_in(handed_in: str) -> None:
    """Judges messages or watches logs, and keeps what was found."""
    row = claim(UUID(handed_in))
    if row is None:
        return  # done already, or somebody else is at it
    if row.n_attempts > ATTEMPTS_MAX:
        actions.fail(row, f"It was begun {ATTEMPTS_MAX} times and never came to its end. Hand the files in one by one.", now=timezone.now())
        return
    answer, sentence = _read_in_child(row)
    if answer is None:
        actions.fail(row, sentence, now=timezone.now())
    else:
        actions.take_in(row, answer, now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(name="sweep_handed_in", queue="sweep", queueing_lock="sweep-handed-in")
def sweep_handed_in(timestamp: int) -> None:
    """Gives what nobody reads a new job, and deletes what is due."""
    now = timezone.now()
    actions.delete_due(now=now)
    for row in HandedIn.objects.filter(Q(state="asked") | Q(state="running", alive_at__lt=now - SILENT_FOR)):
        try:
            actions.ring(row)
        except AlreadyEnqueued:
            continue  # its job still waits in the queue


def claim(pk: UUID) -> HandedIn | None:
    """The row, if it is ours to read now."""
    now = timezone.now()
    ours = Q(state="asked") | Q(state="running", alive_at__lt=now - SILENT_FOR)
    if not HandedIn.objects.filter(ours, pk=pk).update(state="running", alive_at=now, n_attempts=F("n_attempts") + 1):
        return None
    return HandedIn.objects.get(pk=pk)


def company_file() -> Path | None:
    """company.toml of the house; in a demonstration the invented company's."""
    if named := outside.get("AMANAT_COMPANY"):
        return Path(named).expanduser()
    story = settings.DATA / "demo" / "story" / "company.toml"
    return story if settings.IS_DEMO and story.exists() else None


def _read_in_child(row: HandedIn) -> tuple[dict[str, Any] | None, str]:
    """What `amanat detect` answers, or None and a sentence."""
    with scratch.folder("handed-in") as folder:
        paths, names = [], {}
        for number, (name, content) in enumerate(actions.files_of(row), 1):
            # What people call their files may name a person, and may be hostile.
            path = folder / str(number)
            path.write_bytes(content)
            paths.append(str(path))
            names[path.name] = name
        more: list[str] = []
        if row.what == "mail":
            more += ["--company", str(company)] if (company := company_file()) else []
            more += [word for name in outside.get("AMANAT_AUTHSERV").split() for word in ("--authserv", name)]
        try:
            code, answer = ask_amanat(["detect", row.what, *paths, *more], most_seconds=SECONDS_MAX)
        except subprocess.TimeoutExpired:
            return None, "Reading it took longer than ten minutes. Hand in smaller files, or read large ones on the command line."
    if code == 0 and "alerts" in answer:
        return _with_names(answer, names), ""
    return None, str(answer.get("error") or f"the reading ended unexpectedly (exit {code})")


def _with_names(answer: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """The answer with the files called as whoever handed them in calls them."""
    for one in (*answer.get("messages", ()), *answer.get("gaps", ())):
        one["path"] = names.get(one["path"], one["path"])
    for alert in answer["alerts"]:
        for evidence in alert["evidence"]:
            if "file" in evidence["details"]:
                evidence["details"]["file"] = names.get(evidence["details"]["file"], evidence["details"]["file"])
    return answer
