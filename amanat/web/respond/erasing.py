"""Erasing an incident's persons: one person asks for it with a reason, a different one confirms it, and nobody can take it back."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from amanat.web.accounts.models import Staff
from amanat.web.respond import journal
from amanat.web.respond.actions import erase_people
from amanat.web.respond.models import Erasure, Incident


class NotNow(Exception):
    """An erasure that may not happen as things stand; the first argument is a code that the screen puts into words."""


def wish(incident: Incident) -> Erasure | None:
    """The erasure that somebody asked for and nobody has confirmed yet."""
    return Erasure.objects.filter(incident=incident, done_at=None, withdrawn_at=None).select_related("asked_by").first()


@transaction.atomic
def ask(incident: Incident, *, why: str, by: Staff, now: datetime) -> Erasure:
    """The first person's word; nothing is erased before a different one has confirmed it. Raises NotNow."""
    if Incident.objects.select_for_update(no_key=True).only("wrapped_keys").get(pk=incident.pk).wrapped_keys is None:
        raise NotNow("gone")
    if not why.strip():
        raise NotNow("why")
    Erasure.objects.filter(incident=incident, done_at=None, withdrawn_at=None).update(withdrawn_at=now)
    row = Erasure.objects.create(incident=incident, why=why.strip(), asked_by=by, asked_at=now)
    journal.write(incident, act="erasure.asked", at=now, by=by, what={"erasure": str(row.pk)}, why=row.why)
    return row


@transaction.atomic
def confirm(incident: Incident, erasure_id: UUID, *, by: Staff, now: datetime) -> None:
    """The different person's word, after which the persons are gone. Raises NotNow."""
    row = Erasure.objects.select_for_update().filter(incident=incident, pk=erasure_id, done_at=None, withdrawn_at=None).first()
    if row is None:
        raise NotNow("gone")
    if row.asked_by_id == by.pk:
        raise NotNow("same")
    row.done_by, row.done_at = by, now
    row.save(update_fields=["done_by", "done_at"])
    erase_people(incident, by=by, now=now, why=row.why)


@transaction.atomic
def withdraw(incident: Incident, *, by: Staff, now: datetime) -> None:
    """Takes the wish back; keeping is the mistake that can be mended."""
    if Erasure.objects.filter(incident=incident, done_at=None, withdrawn_at=None).update(withdrawn_at=now):
        journal.write(incident, act="erasure.withdrawn", at=now, by=by)
