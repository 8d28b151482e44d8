"""Changes to what scope found: a new result replaces the one before; a reviewer settles who was not sure."""

import csv
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from amanat.terms.contact import Contact
from amanat.terms.finding import Gap
from amanat.web.accounts.models import Staff
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope import people
from amanat.web.scope.joining import OUTSIDE, divide, join, stays, undivide, unjoin
from amanat.web.scope.models import REVIEW_WHY, AffectedPerson, GapRow, Review, ScopeRow
from amanat.web.scope.moving import put
from amanat.web.scope.queries import newest_reviews

# decision -> the state that the person has from then on; "later", "split" and, for somebody outside the register, "reopened" lead to another
STATE_AFTER = {"confirmed": "sure", "refused": "refused", "merged": "merged", "split": "outsider", "reopened": "review", "later": "review"}
SETTLING = ("confirmed", "refused", "merged", "split")  # what the next run learns
# What may be said of whom: a person of the register is confirmed or refused, an outsider is known by nothing but what was found together.
OF_STATE = {"review": ("confirmed", "refused", "merged", "later"), "outsider": ("merged", "split", "later")}


class NotOpen(Exception):
    """The person does not wait for a reviewer any more: somebody else was quicker, or a new run settled it."""


class NobodyElse(Exception):
    """No other person was named who stays when two are merged."""


@transaction.atomic
def take_in(
    incident: Incident,
    *,
    persons: Iterable[people.Person],
    gaps: Iterable[Gap],
    counts: list[dict[str, Any]],
    n: dict[str, int],
    seconds: float,
    now: datetime,
    files: Iterable[dict[str, Any]] = (),
    gap_estimate: dict[str, Any] | None = None,
) -> ScopeRow:
    """Persons (encrypted), gaps and counts of one run of scope."""
    people.load(incident, persons)
    GapRow.objects.filter(incident=incident).delete()
    GapRow.objects.bulk_create(
        [GapRow(incident=incident, path=g.path, reason=g.reason, size_bytes=g.size_bytes, next_step=g.next_step) for g in gaps], batch_size=1000
    )
    row = ScopeRow.objects.create(
        incident=incident,
        at=now,
        n_sure=n.get("sure", 0),
        n_review=n.get("review", 0),
        n_outsiders=n.get("outsider", 0),
        n_findings=n.get("findings", 0),
        seconds=seconds,
        counts=counts,
        files=list(files),
        gap_estimate=gap_estimate or {},
    )
    # Decided while the run was under way: it did not know of it, and its result must not undo it.
    for review in newest_reviews(incident).filter(at__gte=now - timedelta(seconds=seconds), decision__in=SETTLING).order_by("at"):
        if review.decision in OF_STATE.get(review.person.state, ()):
            _apply(incident, review.person, review.decision, same_as=review.same_as)
    return row


@transaction.atomic
def decide(
    incident: Incident,
    person_id: UUID,
    *,
    decision: str,
    why: str,
    by: Staff,
    now: datetime,
    same_as: str = "",
    contact: Contact | None = None,
) -> Review:
    """A reviewer's word on one person: confirmed, refused, merged, split, later, or (after one of these) reopened.

    Args:
        same_as: of merged: the number of the person who stays.
        contact: that person, where they are of the register and in no file under their own values.

    Raises:
        NotOpen: the person does not wait for this decision.
        NobodyElse: merged with nobody, or with themselves.
        StillDecided: taken back, although something was decided about somebody who came of it.
        KeysErased: nothing of these persons can be read any more.
    """
    assert decision in STATE_AFTER
    # Two who merge two persons with one another at the same moment wait for one another here, and not in the middle.
    Incident.objects.select_for_update(no_key=True).only("id").get(pk=incident.pk)
    row = AffectedPerson.objects.select_for_update().get(incident=incident, pk=person_id)
    last = Review.objects.filter(person=row).order_by("-at").first()
    was_settled = last is not None and last.decision in SETTLING and row.state == STATE_AFTER[last.decision]
    may_follow = decision in OF_STATE.get(row.state, ()) and not was_settled
    if not (may_follow or (decision == "reopened" and (was_settled or row.state == "review"))):
        raise NotOpen
    secret = people.reveal(incident, row)
    if decision == "merged" and same_as in ("", secret["person_id"]):
        raise NobodyElse
    review = Review(incident=incident, person=row, decision=decision, n_records=secret["n_records"], by=by, at=now)
    told = ({"why": why} if why else {}) | ({"same_as": same_as} if decision == "merged" else {})
    review.secret = incident.keys().encrypt(told, place=REVIEW_WHY, row=review.id) if told else None
    review.save()
    # The reason is about a person; the journal, which nobody can erase and outsiders get, says only that there is one.
    journal.write(incident, act=f"person.{decision}", at=now, by=by, what={"person": str(row.pk), "has_reason": bool(why)})
    if decision == "reopened":
        _move(incident, row, decision)
        _take_back(incident, row, last)
    else:
        _apply(incident, row, decision, same_as=same_as, contact=contact)
    return review


def write_reviews(incident: Incident, file: Path) -> int:
    """What reviewers decided, as `amanat run --reviewed` reads it; returns how many. Whoever calls it deletes the file."""
    reviews = [r for r in newest_reviews(incident) if r.decision in SETTLING]
    if not reviews:
        return 0
    file.touch(mode=0o600)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("person_id", "decision", "n_records", "same_as"))
        secrets = dict(people.reveal_many(incident, [r.person for r in reviews]))
        writer.writerows((secrets[r.person_id]["person_id"], r.decision, r.n_records, r.same_as) for r in reviews)
    return len(reviews)


def _apply(incident: Incident, row: AffectedPerson, decision: str, *, same_as: str = "", contact: Contact | None = None) -> None:
    """Makes of a person what was decided, with the counts of the newest run."""
    if decision == "split":
        divide(incident, row)
        return
    other = stays(incident, same_as) if decision == "merged" else None
    if other is not None and other.pk == row.pk:
        raise NobodyElse
    _move(incident, row, decision)
    if decision == "merged":
        join(incident, row, other, contact)


def _take_back(incident: Incident, row: AffectedPerson, last: Review | None) -> None:
    """What a decision changed in others, as far as no run has come between. Raises StillDecided."""
    if last is None:
        return
    if last.decision == "split":
        undivide(incident, row)
    elif last.decision == "merged":
        unjoin(incident, row, stays(incident, last.same_as))


def _move(incident: Incident, row: AffectedPerson, decision: str) -> None:
    """Gives the person the state that follows, with belief."""
    secret = people.reveal(incident, row)
    is_outside = str(secret["person_id"]).startswith(OUTSIDE)
    after = "outsider" if is_outside and decision in ("later", "reopened") else STATE_AFTER[decision]
    if row.state == after:
        return
    found_belief = secret.get("found_belief", secret["belief"])
    secret |= {"found_belief": found_belief, "belief": {"sure": 1.0, "refused": 0.0, "merged": 0.0}.get(after, found_belief)}
    put(incident, row, secret, state=after)
