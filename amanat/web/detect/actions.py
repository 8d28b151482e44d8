"""Changes: hand files in, take in what was found, delete what is due."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from amanat.web import crypto
from amanat.web.accounts.models import Staff
from amanat.web.detect.models import TOLD, AlertRow, HandedIn

KEPT_FOR = timedelta(days=30)  # what an incident carries along is kept there, as long as the incident
RESULTS_MAX = 200


@transaction.atomic
def hand_in(files: Sequence[tuple[str, bytes]], *, what: str, by: Staff, now: datetime) -> HandedIn:
    """Takes files, encrypted before they touch the disk, and has the worker read them."""
    row = HandedIn(what=what, at=now, by=by, digests=[hashlib.sha256(content).hexdigest() for _name, content in files])
    keys = crypto.new_keys()
    row.wrapped_keys = crypto.wrap(keys, incident_id=row.id)
    given = [{"name": name[-100:], "content": base64.b64encode(content).decode()} for name, content in files]
    row.files = keys.encrypt(given, place="detect_handedin.files", row=row.id)
    row.save()
    ring(row)
    return row


def files_of(row: HandedIn) -> list[tuple[str, bytes]]:
    """The files again, for the worker."""
    given = row.keys().decrypt(row.files, place="detect_handedin.files", row=row.id)
    return [(one["name"], base64.b64decode(one["content"])) for one in given]


@transaction.atomic
def take_in(row: HandedIn, answer: Mapping[str, Any], *, now: datetime) -> None:
    """Keeps what was found, and deletes the files themselves: they are whoever handed them in's to keep."""
    keys = row.keys()
    for alert in answer["alerts"]:
        one = AlertRow(handed_in=row, alert_id=alert["id"], kind=alert["kind"], severity=alert["severity"], n_events=alert["n_events"], at=now)
        one.since, one.until = (datetime.fromisoformat(alert[name]) if alert[name] else None for name in ("since", "until"))
        one.sealed = keys.encrypt({"entity": alert["entity"], "evidence": alert["evidence"]}, place="detect_alertrow.sealed", row=one.id)
        one.save()
    if row.what == "mail":
        row.n_read, row.n_unread = len(answer["messages"]), answer["could_not_say"]
        results: dict[str, Any] = {"messages": answer["messages"][:RESULTS_MAX], "n_more": max(0, len(answer["messages"]) - RESULTS_MAX)}
    else:
        row.n_read, row.n_unread = answer["events"], len(answer["gaps"])
        results = {"gaps": answer["gaps"][:RESULTS_MAX], "n_rules": answer["rules"], "rules_not_run": len(answer["rules_not_run"])}
    row.results = keys.encrypt(results, place="detect_handedin.results", row=row.id)
    row.files, row.state, row.finished_at = None, "done", now
    row.save()


@transaction.atomic
def take_waves(alerts: Sequence[Mapping[str, Any]], *, day: datetime, now: datetime) -> int:
    """Keeps the alerts about what strangers asked and reported on one day; one that is there already grows. Returns how many are new."""
    if not alerts:
        return 0
    row = HandedIn.objects.select_for_update().filter(what=TOLD, at=day).first()
    if row is None:
        row = HandedIn(what=TOLD, at=day, state="done", finished_at=now)
        row.wrapped_keys = crypto.wrap(crypto.new_keys(), incident_id=row.id)
        row.save()
    keys, n_new = row.keys(), 0
    for alert in alerts:
        one = AlertRow.objects.filter(handed_in=row, alert_id=alert["id"]).first()
        n_new += one is None
        one = one or AlertRow(handed_in=row, alert_id=alert["id"], at=now)
        one.kind, one.severity, one.n_events = alert["kind"], alert["severity"], alert["n_events"]
        one.since, one.until = (datetime.fromisoformat(alert[name]) for name in ("since", "until"))
        one.sealed = keys.encrypt({"entity": alert["entity"], "evidence": alert["evidence"]}, place="detect_alertrow.sealed", row=one.id)
        one.save()
    row.n_read = AlertRow.objects.filter(handed_in=row).count()
    row.finished_at = now
    row.save(update_fields=["n_read", "finished_at"])
    return n_new


def fail(row: HandedIn, sentence: str, *, now: datetime) -> None:
    """Notes why it could not be read; the files are deleted all the same."""
    HandedIn.objects.filter(pk=row.pk).update(state="failed", sentence=sentence, finished_at=now, files=None)


def delete_due(*, now: datetime) -> int:
    """Deletes what was handed in more than thirty days ago, with its alerts; returns how many."""
    return HandedIn.objects.filter(at__lt=now - KEPT_FOR).exclude(state__in=("asked", "running")).delete()[0]


def ring(row: HandedIn) -> None:
    """Tells the workers that there is something to read, once the transaction stands."""
    from procrastinate.contrib.django import app

    lock = f"handed-in-{row.pk}"
    transaction.on_commit(lambda: app.configure_task(name="read_handed_in", queue="incidents", queueing_lock=lock).defer(handed_in=str(row.pk)))
