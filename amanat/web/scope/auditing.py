"""How wrong may the list be: a sample is asked for, drawn by the worker, and checked by one or several persons, each for themselves."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from amanat.web import wishes
from amanat.web.accounts.models import Staff
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope.models import Audit, AuditAnswer, AuditItem

ITEM = "scope_audititem.secret"
SIZES = (100, 200, 400, 800)
MISSED_MAX = 99  # persons whom one passage may lack: more do not fit on a screen


class BadAnswer(Exception):
    """The answer is none that this item takes."""


@transaction.atomic
def ask(incident: Incident, *, n: int, by: Staff, now: datetime) -> Audit:
    """Has the worker draw a sample; when one is being drawn already, that one is returned. Raises KeysErased."""
    assert n in SIZES
    incident.keys()
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    under_way = Audit.objects.filter(incident=incident, state__in=("asked", "running")).first()
    if under_way:
        return under_way
    # Nobody chooses the seed: whoever could, would draw until the sample is a good one.
    audit = Audit.objects.create(incident=incident, asked_at=now, asked_by=by, n_wanted=n, seed=secrets.randbelow(1 << 31))
    journal.write(incident, act="audit.asked", at=now, by=by, what={"audit": str(audit.pk), "n": n, "seed": audit.seed})
    ring(audit)
    return audit


def ring(audit: Audit) -> None:
    """Tells the workers that there is something to do, once the transaction stands."""
    from procrastinate.contrib.django import app

    job = app.configure_task(name="draw_audit", queue="incidents", queueing_lock=f"audit-{audit.pk}")
    transaction.on_commit(lambda: job.defer(audit_id=str(audit.pk)))


@transaction.atomic
def claim(audit_id: UUID, *, now: datetime) -> Audit | None:
    """The wish, if it is ours to fulfil now: nobody is at it, and it has not failed too often."""
    audit: Audit | None = wishes.claim(Audit, audit_id)
    if audit is not None and wishes.is_hopeless(audit):
        give_up(audit, sentence=wishes.GIVEN_UP, now=now)
        return None
    return audit


@transaction.atomic
def give_up(audit: Audit, *, sentence: str, now: datetime) -> None:
    """No sample can be drawn, and why."""
    Audit.objects.filter(pk=audit.pk).update(state="failed", finished_at=now, sentence=sentence)
    journal.write(audit.incident, act="audit.failed", at=now, what={"audit": str(audit.pk)}, why=sentence)


@transaction.atomic
def take_in(audit: Audit, folder: Path, *, now: datetime) -> None:
    """The sample that lies in this folder, as `amanat scope audit` wrote it. Raises KeysErased."""
    incident = Incident.objects.get(pk=audit.incident_id)
    keys = incident.keys()
    drawn = json.loads((folder / "draw.json").read_text(encoding="utf-8"))
    rows = json.loads((folder / "items.json").read_text(encoding="utf-8"))
    AuditItem.objects.filter(audit=audit).delete()  # of an attempt that was killed
    items = []
    for number, row in enumerate(rows, start=1):
        item = AuditItem(audit=audit, number=number, ask=drawn["items"][row["item"]][0])
        told = {name: row[name] for name in ("shown", "person", "register", "same", "named", "path", "place", "record", "part")}
        item.secret = keys.encrypt(told, place=ITEM, row=item.id)
        items.append(item)
    AuditItem.objects.bulk_create(items, batch_size=500)
    Audit.objects.filter(pk=audit.pk).update(state="done", finished_at=now, drawn=drawn)
    journal.write(incident, act="audit.drawn", at=now, what={"audit": str(audit.pk), "n": len(items), "seed": audit.seed})


@transaction.atomic
def answer(incident: Incident, item: AuditItem, *, word: str, by: Staff, now: datetime) -> AuditAnswer:
    """One checker's word on one item, in the place of what they said before.

    Raises:
        BadAnswer: a link takes yes, no and ?; a passage the number of persons who are missing, and ?.
        KeysErased: nobody can look at it any more, so nobody can judge it.
    """
    incident.keys()
    is_number = word.isascii() and word.isdecimal() and int(word) <= MISSED_MAX
    if word != "?" and not (word in ("yes", "no") if item.ask == "link" else is_number):
        raise BadAnswer
    row, _is_new = AuditAnswer.objects.update_or_create(item=item, by=by, defaults={"word": word, "at": now})
    what = {"audit": str(item.audit_id), "item": item.number, "answer": word}
    journal.write(incident, act="audit.answered", at=now, by=by, what=what)
    return row


def told(incident: Incident, item: AuditItem) -> Mapping[str, Any]:
    """What stands at an item, masked, and where. Raises KeysErased."""
    found: Mapping[str, Any] = incident.keys().decrypt(item.secret, place=ITEM, row=item.id)
    return found
