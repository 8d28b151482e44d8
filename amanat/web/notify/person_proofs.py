"""Proofs for one person (`notify.person_proof`): asked for by staff with a reason, or by the person on their page; made and signed here."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from amanat import notify
from amanat.web.accounts.models import Staff
from amanat.web.notify import sealing, together
from amanat.web.notify.models import ApprovalRow, NoticeRow, ProofRow
from amanat.web.notify.queries import company_name
from amanat.web.respond import journal, signing
from amanat.web.respond.models import Incident, JournalEntry
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson

PLACE = "notify_proofrow.sealed"
KEPT_FOR = timedelta(days=90)  # whoever wanted it has it by then; what we do not keep cannot be stolen
WHY_MAX = 500
A_DAY = 5  # proofs that a person may ask for
_CAN_NAME = ("name", "email")

LATE = "receipts that came after the last seal are in the proof, but the journal did not note them yet"
CHANGED = "the journal sealed other receipts of a message than stand here: they were changed afterwards"
NO_TEXTS = "the list of all texts that an approval covered cannot be put together any more, so only its fingerprint stands here"


class TooMany(Exception):
    """This person was given as many proofs as we make in a day."""


@transaction.atomic
def make_for_staff(incident: Incident, person: AffectedPerson, *, why: str, is_named: bool, by: Staff, now: datetime) -> ProofRow:
    """A proof at once; the reason stands in the journal."""
    row = ProofRow.objects.create(incident=incident, person=person, by=by, asked_at=now, named=["name"] if is_named else [])
    what = {"proof": str(row.pk), "named": row.named}
    journal.write(incident, act="person_proof.asked", at=now, by=by, what=what, why=why)
    return make(row, now=now)


@transaction.atomic
def ask_as_person(incident: Incident, person: AffectedPerson, *, is_named: bool, now: datetime) -> ProofRow:
    """The person's own wish; the worker makes it, because the public door signs nothing. Raises TooMany."""
    people.one_at_a_time(person.pk)
    if ProofRow.objects.filter(person=person, by=None, asked_at__gt=now - timedelta(days=1)).count() >= A_DAY:
        raise TooMany
    row = ProofRow.objects.create(incident=incident, person=person, asked_at=now, named=["name"] if is_named else [])
    what = {"proof": str(row.pk), "named": row.named}
    journal.write(incident, act="person_proof.asked", at=now, what=what, why="the person asked for it on their page")
    transaction.on_commit(ring)
    return row


def ring() -> None:
    """Asks the worker to make what was asked for."""
    from procrastinate.contrib.django import app

    app.configure_task(name="make_proofs", queue="proofs").defer()


@transaction.atomic
def make(row: ProofRow, *, now: datetime) -> ProofRow:
    """Makes and signs what was asked for. Raises KeysErased, and signing.JournalChanged."""
    incident = row.incident
    sealing.seal(incident, now=now)
    journal.write(incident, act="person_proof.made", at=now, by=row.by, what={"proof": str(row.pk)})
    opening = secrets.token_bytes(notify.OPENING_BYTES)
    body = _signed(row, opening, now=now)
    row.state, row.made_at = "made", now
    row.sealed = incident.keys().encrypt({"file": body.decode(), "opening": opening.hex()}, place=PLACE, row=row.pk)
    row.save()
    return row


def make_all(*, now: datetime) -> int:
    """Makes every proof that waits; returns how many."""
    n = 0
    for pk in ProofRow.objects.filter(state="asked", incident__wrapped_keys__isnull=False).order_by("asked_at").values_list("pk", flat=True):
        with transaction.atomic():
            row = (
                ProofRow.objects.select_for_update(skip_locked=True, of=("self",))
                .select_related("incident", "person")
                .filter(pk=pk, state="asked")
                .first()
            )
            if row is not None:
                make(row, now=now)
                n += 1
    return n


def delete_due(*, now: datetime) -> int:
    """Deletes proofs that were asked for longer ago than KEPT_FOR; returns how many."""
    return ProofRow.objects.filter(asked_at__lt=now - KEPT_FOR).delete()[0]


def opened(row: ProofRow) -> tuple[bytes, str]:
    """The file and its opening; raises KeysErased."""
    assert row.sealed is not None
    found = row.incident.keys().decrypt(bytes(row.sealed), place=PLACE, row=row.pk)
    return found["file"].encode(), found["opening"]


def proofs_of(person: AffectedPerson, *, is_theirs: bool) -> QuerySet[ProofRow]:
    """Proofs made for this person, the newest first; those that the person asked for, or those of staff."""
    return ProofRow.objects.filter(person=person, by__isnull=is_theirs).select_related("incident").order_by("-asked_at")


# ---- inside ----


def _signed(row: ProofRow, opening: bytes, *, now: datetime) -> bytes:
    incident, person = row.incident, row.person
    # Those to another record of this person tell them too; the message itself says of both what was exposed.
    sendings = list(together.messages_to(person.pk).exclude(state="idle").select_related("notice", "approval").order_by("pk"))
    receipts: dict[UUID, list[dict[str, str]]] = dict(sealing.receipts_in_order(incident, [one.pk for one in sendings]))
    messages, seqs, gaps = [], set(), set()
    for sending in sendings:
        states = receipts.get(sending.pk, [])
        try:
            seal = sealing.seal_of(sending, states)
            if states and (seal is None or seal["n_states"] < len(states)):
                gaps.add(LATE)
        except sealing.ReceiptsChanged:
            seal = None
            gaps.add(CHANGED)
        if seal:
            seqs.add(seal["seq"])
        messages.append(
            {
                "sending_id": sending.pk.hex,
                "notice_id": sending.notice.notice_id,
                "content_hash": sending.notice.content_hash,
                "channel": sending.channel,
                "approval": str(sending.approval_id),
                "states": states,
                "seal": seal,
            }
        )
    approvals = [_approval(one) for one in {sending.approval_id: sending.approval for sending in sendings}.values()]
    gaps |= {NO_TEXTS for one in approvals if one["texts"] is None}
    wanted = Q(seq__in=seqs)
    for one in approvals:
        wanted |= Q(act__in=("notices.signed_by_author", "notices.approved"), what__approval=one["approval"])
    keys = ("seq", "at", "who", "act", "what", "why", "prev", "hash")
    entries = list(JournalEntry.objects.filter(incident=incident).filter(wanted).order_by("seq").values(*keys))
    head, tree = signing.sign_journal(incident, now=now)
    secret = people.reveal(incident, person)
    known = {"name": secret.get("name") or "", "email": next(iter(secret.get("emails") or []), "")}
    return notify.make_person_proof(
        proof_id=str(row.pk),
        incident=str(incident.pk),
        company=company_name(incident),
        made_at=now,
        person=notify.named_or_hashed(known, opening=opening, named=[name for name in row.named if name in _CAN_NAME]),
        messages=messages,
        texts={one.notice.content_hash: one.notice.content for one in sendings},
        approvals=approvals,
        entries=entries,
        tree=tree,
        head=head,
        signer=signing.signer(now=now),
        gaps=sorted(gaps),
    )


def _approval(row: ApprovalRow) -> dict[str, Any]:
    """Who signed, by the numbers under which the journal knows them, and the fingerprints of all texts they signed for."""
    texts = _texts_of(row)
    return {
        "approval": str(row.pk),
        "notices_hash": row.notices_hash,
        "recipients_hash": row.recipients_hash,
        "n_recipients": row.n_recipients,
        "author": str(row.author_id),
        "authored_at": row.authored_at.isoformat(),
        "approver": str(row.approver_id),
        "approved_at": row.approved_at.isoformat() if row.approved_at else "",
        "texts": texts,
    }


def _texts_of(row: ApprovalRow) -> list[str] | None:
    """Hashes of the texts that stood when the author signed; None when they do not give the hash that was signed."""
    stood = NoticeRow.objects.filter(incident=row.incident_id, at__lte=row.authored_at).order_by("notice_id", "-version").distinct("notice_id")
    texts = [one.content_hash for one in stood if one.withdrawn_at is None or one.withdrawn_at > row.authored_at]
    return sorted(texts) if notify.hash_of_hashes(texts) == row.notices_hash else None
