"""Changes to the register of public promises; each is a line in the journal."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from amanat import respond
from amanat.terms.fact import Fact
from amanat.terms.promise import SOON, MadeIn, Promise, PromiseKind
from amanat.web.accounts.models import Staff
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.respond.promise_models import PromiseRow


def promises_of(incident: Incident) -> QuerySet[PromiseRow]:
    """All of them: those with the next date first, those without one last."""
    return PromiseRow.objects.filter(incident=incident).order_by(F("due_at").asc(nulls_last=True), "made_at", "id")


def next_open(incident: Incident) -> PromiseRow | None:
    """The open promise that falls due first, or is overdue the longest."""
    return promises_of(incident).filter(state="open", due_at__isnull=False).first()


def due_of(staff: Staff, *, now: datetime) -> list[PromiseRow]:
    """Open promises of this person's open incidents that fall due within a day or are overdue, for the overview."""
    mine = Incident.objects.filter(memberships__staff=staff).exclude(phase="closed").values("pk")
    rows = PromiseRow.objects.filter(incident__in=mine, state="open", due_at__lte=now + SOON)
    return list(rows.select_related("incident", "owner").order_by("due_at"))


@transaction.atomic
def make(
    incident: Incident,
    *,
    kind: PromiseKind,
    words: Mapping[str, str],
    made_in: MadeIn,
    made_at: datetime,
    due_at: datetime | None,
    owner: Staff,
    by: Staff | None,
    now: datetime,
) -> PromiseRow:
    """Writes a promise down; the same one stands there once. Raises Fixable for one without words."""
    one = respond.a_promise(kind, words, made_in=made_in, made_at=made_at, due_at=due_at, owner=str(owner.pk))
    return _write(incident, one, owner=owner, by=by, now=now)


@transaction.atomic
def take_made(
    incident: Incident, facts: Mapping[str, Fact], carried: Collection[str], *, owner: Staff, now: datetime, made_in: MadeIn = "notice"
) -> int:
    """What the texts promise that were just approved or released; returns how many promises are new."""
    made = respond.promises_made(facts, carried, made_in=made_in, made_at=now, owner=str(owner.pk))
    there = set(PromiseRow.objects.filter(incident=incident).values_list("key", flat=True))
    new = [one for one in made if one.id not in there]
    for one in new:
        _write(incident, one, owner=owner, by=None, now=now)
    return len(new)


@transaction.atomic
def wrote_again(incident: Incident, *, evidence: str, next_at: datetime | None, owner: Staff, at: datetime) -> int:
    """Keeps every open promise to write again, because we just did, and makes the next one; returns how many were kept.

    One that was overdue counts as kept late. One for the very moment that is promised now stays open: it was said again, not kept.
    """
    rows = PromiseRow.objects.select_for_update().filter(incident=incident, kind="next_update", state="open", made_at__lte=at)
    open_rows = list(rows)
    kept = [row for row in open_rows if row.due_at != next_at]
    for row in kept:
        _settle(row, respond.keep(row.to_value(), at=at, evidence=evidence), by=None, now=at)
    if next_at is not None and len(kept) == len(open_rows):
        new: dict[str, Any] = {"made_in": "update", "made_at": at, "due_at": next_at, "owner": str(owner.pk)}
        one, n = respond.a_promise("next_update", {}, **new), 0
        while PromiseRow.objects.filter(incident=incident, key=one.id).exists():  # promised before, kept early, promised again
            one, n = respond.a_promise("next_update", {}, **new, after=f"{one.id} {n}"), n + 1
        _write(incident, one, owner=owner, by=None, now=at)
    return len(kept)


@transaction.atomic
def keep(incident: Incident, promise_id: UUID, *, at: datetime, evidence: str, by: Staff, now: datetime) -> PromiseRow:
    """It was kept, and this shows it. Raises Fixable, and DoesNotExist for a promise of another incident."""
    row = _of(incident, promise_id)
    return _settle(row, respond.keep(row.to_value(), at=at, evidence=evidence), by=by, now=now)


@transaction.atomic
def break_(incident: Incident, promise_id: UUID, *, why: str, by: Staff, now: datetime) -> PromiseRow:
    """It was not kept, and this is why. Raises Fixable and DoesNotExist."""
    row = _of(incident, promise_id)
    return _settle(row, respond.break_(row.to_value(), at=now, why=why), by=by, now=now)


@transaction.atomic
def move(incident: Incident, promise_id: UUID, *, due_at: datetime, why: str, by: Staff, now: datetime) -> PromiseRow:
    """It gets another date, with the reason; returns the new one. Raises Fixable and DoesNotExist."""
    row = _of(incident, promise_id)
    ended, new = respond.move(row.to_value(), at=now, due_at=due_at, why=why)
    made = _write(incident, new, owner=row.owner, by=by, now=now)
    row.moved_to = made
    _settle(row, ended, by=by, now=now)
    return made


@transaction.atomic
def hand_over(incident: Incident, promise_id: UUID, *, owner: Staff, by: Staff, now: datetime) -> None:
    """Somebody else keeps it from now on."""
    row = _of(incident, promise_id)
    if row.owner_id != owner.pk:
        row.owner = owner
        row.save(update_fields=["owner"])
        journal.write(incident, act="promise.handed_over", at=now, by=by, what={"promise": str(row.pk), "owner": str(owner.pk)})


def _of(incident: Incident, promise_id: UUID) -> PromiseRow:
    return PromiseRow.objects.select_for_update(of=("self",)).select_related("owner").get(pk=promise_id, incident=incident)


def _write(incident: Incident, one: Promise, *, owner: Staff, by: Staff | None, now: datetime) -> PromiseRow:
    given: dict[str, Any] = {name: getattr(one, name) for name in ("kind", "words", "made_in", "made_at", "due_at")}
    row, is_new = PromiseRow.objects.get_or_create(incident=incident, key=one.id, defaults={**given, "owner": owner})
    if is_new:
        what = {"promise": str(row.pk), "kind": one.kind, "made_in": one.made_in, "due_at": one.due_at.isoformat() if one.due_at else None}
        journal.write(incident, act="promise.made", at=now, by=by, what=what)
    return row


def _settle(row: PromiseRow, ended: Promise, *, by: Staff | None, now: datetime) -> PromiseRow:
    row.state, row.settled_at, row.settled_by, row.why, row.evidence = ended.state, ended.settled_at, by, ended.why, ended.evidence
    row.save(update_fields=["state", "settled_at", "settled_by", "why", "evidence", "moved_to"])
    what = {"promise": str(row.pk), "standing": ended.standing(now)} | ({"moved_to": str(row.moved_to_id)} if row.moved_to_id else {})
    # The reason is read by everybody, so it may stand in the journal too.
    journal.write(row.incident, act=f"promise.{ended.state}", at=now, by=by, what=what, why=ended.why)
    return row
