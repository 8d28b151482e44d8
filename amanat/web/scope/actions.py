"""Changes to what scope found: a new result replaces the one before; a reviewer settles who was not sure."""

import csv
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from amanat.terms.finding import Gap
from amanat.web.accounts.models import Staff
from amanat.web.respond import journal
from amanat.web.respond.models import Incident
from amanat.web.scope import people
from amanat.web.scope.models import REVIEW_WHY, AffectedPerson, GapRow, Review, ScopeRow
from amanat.web.scope.queries import newest, newest_reviews

# decision -> the state that the person has from then on; "later", "split" and, for somebody outside the register, "reopened" lead to another
STATE_AFTER = {"confirmed": "sure", "refused": "refused", "merged": "merged", "split": "outsider", "reopened": "review", "later": "review"}
SETTLING = ("confirmed", "refused", "merged", "split")  # what the next run learns
# What may be said of whom: a person of the register is confirmed or refused, an outsider is known by nothing but what was found together.
OF_STATE = {"review": ("confirmed", "refused", "merged", "later"), "outsider": ("merged", "split", "later")}

OUTSIDE = "out-"  # how scope calls persons who are not in the register


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
    for review in newest_reviews(incident).filter(at__gte=now - timedelta(seconds=seconds), decision__in=("confirmed", "refused", "merged")):
        if review.person.state in OF_STATE:
            _move(incident, review.person, review.decision)
    return row


@transaction.atomic
def decide(incident: Incident, person_id: UUID, *, decision: str, why: str, by: Staff, now: datetime, same_as: str = "") -> Review:
    """A reviewer's word on one person: confirmed, refused, merged, split, later, or (after one of these) reopened.

    Args:
        same_as: of merged: the number of the person who stays.

    Raises:
        NotOpen: the person does not wait for this decision.
        NobodyElse: merged with nobody, or with themselves.
        KeysErased: nothing of these persons can be read any more.
    """
    assert decision in STATE_AFTER
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
    _move(incident, row, decision)
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


def _move(incident: Incident, row: AffectedPerson, decision: str) -> None:
    """Gives the person the state that follows, with belief, and moves them in the counts of the newest run."""
    keys = incident.keys()
    secret = keys.decrypt(row.secret, place=people.SECRET, row=row.id)
    is_outside = str(secret["person_id"]).startswith(OUTSIDE)
    before, after = row.state, "outsider" if is_outside and decision in ("later", "reopened") else STATE_AFTER[decision]
    if before == after:
        return
    found_belief = secret.get("found_belief", secret["belief"])
    secret |= {"found_belief": found_belief, "belief": {"sure": 1.0, "refused": 0.0, "merged": 0.0}.get(after, found_belief)}
    row.state, row.secret = after, keys.encrypt(secret, place=people.SECRET, row=row.id)
    row.letter_group = row.letter_group if after == "sure" else ""
    row.save(update_fields=["state", "secret", "letter_group"])
    counted = newest(incident)
    if counted is None:
        return
    column = {"sure": "n_sure", "review": "n_review", "outsider": "n_outsiders"}
    for state, step in ((before, -1), (after, 1)):
        if state in column:
            ScopeRow.objects.filter(pk=counted.pk).update(**{column[state]: F(column[state]) + step})
    cells = {(c["kind"], c["residence"], c["language"], c["state"]): c["n"] for c in counted.counts}
    for kind in secret["kinds"]:
        for state, step in ((before, -1), (after, 1)):
            key = (kind, row.residence, row.language, state)
            if state in column:
                cells[key] = max(0, cells.get(key, 0) + step)
    counts = [{"kind": k, "residence": r, "language": lang, "state": s, "n": n} for (k, r, lang, s), n in cells.items() if n]
    ScopeRow.objects.filter(pk=counted.pk).update(counts=counts)
