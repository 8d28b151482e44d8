"""Changes to the list of readers: somebody asks, confirms with a token that only their mailbox got, and leaves at once.

Whether an address is on the list is told to nobody: whoever asks gets the same answer, after the same work. What differs happens
in the worker, and is seen in the mailbox alone.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Q

from amanat.web import crypto
from amanat.web.bulletin.models import Subscriber

WAITS = timedelta(days=2)  # for a confirmation
MAILS_A_DAY = 3  # to one address that was not confirmed, however often and from wherever somebody types it
KEPT_FOR = timedelta(days=30)  # the row of whoever left, without an address: its link goes on to say that they left


def ask(*, company: str, address: str, language: str, now: datetime) -> Subscriber:
    """Notes the wish; the worker asks by mail whether it was really theirs. It looks nothing up, so it tells nothing."""
    row = Subscriber(id=uuid4(), company=company, language=language, asked_at=now)
    row.address = crypto.encrypt_text(address, purpose=_purpose(row))
    row.address_index = index_of(company, address)
    row.leave_hash = hash_of(leave_token(row))
    row.save(force_insert=True)
    ring(row)
    return row


def ring(row: Subscriber) -> None:
    """Asks the worker for the mail with the question, once the transaction stands."""
    from procrastinate.contrib.django import app

    transaction.on_commit(lambda: app.configure_task(name="ask_reader", queue="proofs").defer(subscriber_id=str(row.pk)))


def new_question(row: Subscriber, *, now: datetime) -> str | None:
    """The token for the mail, whose hash is kept before the mail leaves; None when somebody else just made one, or enough went out today."""
    asked = Subscriber.objects.filter(address_index=row.address_index, mailed_at__gt=now - timedelta(days=1)).exclude(pk=row.pk)
    if asked.count() >= MAILS_A_DAY:
        # Somebody types the same address again and again: it hears no more of it today.
        Subscriber.objects.filter(pk=row.pk, confirmed_at=None).delete()
        return None
    token = secrets.token_urlsafe(32)
    return token if Subscriber.objects.filter(pk=row.pk, mailed_at=None).update(confirm_hash=hash_of(token), mailed_at=now) else None


def confirm(token: str, *, now: datetime) -> Subscriber | None:
    """Puts whoever got this token on the list, once; who is on it already keeps their place and gets the language they asked for now.

    None: the token is not one, was used with another wish, or waited too long. To press the button twice changes nothing.
    """
    try:
        return _confirm(token, now=now)
    except IntegrityError:  # two wishes of one address were confirmed at the same moment: the other one was first
        return _confirm(token, now=now)


@transaction.atomic
def _confirm(token: str, *, now: datetime) -> Subscriber | None:
    rows = Subscriber.objects.select_for_update()
    row = rows.filter(confirm_hash=hash_of(token), left_at=None).first()
    if row is None or (row.confirmed_at is None and row.asked_at < now - WAITS):
        return None
    if row.confirmed_at is not None:
        return row
    before = rows.filter(company=row.company, address_index=row.address_index, confirmed_at__isnull=False).first()
    if before is not None:
        _forget(row, now=now)
        Subscriber.objects.filter(pk=before.pk).update(language=row.language, confirm_hash=hash_of(token))
        return before
    Subscriber.objects.filter(pk=row.pk).update(confirmed_at=now)
    return row


@transaction.atomic
def leave(token: str, *, now: datetime) -> bool:
    """Takes whoever got this token off the list, this moment, and forgets the address; False when the token is none of ours."""
    row = Subscriber.objects.select_for_update().filter(leave_hash=hash_of(token)).first()
    if row is None:
        return False
    if row.left_at is None:
        _let_go(row, now=now)
    return True


@transaction.atomic
def take_off(reader: UUID, *, now: datetime) -> None:
    """Takes a reader off the list who did not press the button: they complained, or their mailbox is no more."""
    row = Subscriber.objects.select_for_update().filter(pk=reader, left_at=None).first()
    if row is not None:
        _let_go(row, now=now)


def _let_go(row: Subscriber, *, now: datetime) -> None:
    # Wishes of the same address that nobody confirmed go with it.
    for one in Subscriber.objects.select_for_update().filter(company=row.company, address_index=row.address_index, confirmed_at=None):
        _forget(one, now=now)
    _forget(row, now=now)


def _forget(row: Subscriber, *, now: datetime) -> None:
    Subscriber.objects.filter(pk=row.pk).update(left_at=now, address="", address_index=None, confirm_hash=None)


def delete_due(*, now: datetime) -> int:
    """Deletes wishes that nobody confirmed, and what is left of those who left long ago; returns how many."""
    waited = Q(confirmed_at=None, asked_at__lt=now - WAITS)
    return Subscriber.objects.filter(waited | Q(left_at__lt=now - KEPT_FOR)).delete()[0]


def address_of(row: Subscriber) -> str:
    """The address; raises DoesNotOpen when the row was changed by somebody without the key."""
    return crypto.decrypt_text(row.address, purpose=_purpose(row))


def leave_token(row: Subscriber) -> str:
    """What stands in the links of every issue to this reader; made anew each time, and kept nowhere."""
    secret = hmac.digest(crypto.master_key(), f"bulletin leave\0{row.pk}".encode(), "sha256")
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode()


def index_of(company: str, address: str) -> bytes:
    """Equal for equal addresses of one company's readers, whatever their capitals; it tells nothing without the master key."""
    return hmac.digest(crypto.master_key(), f"bulletin\0{company}\0{address.strip().casefold()}".encode(), "sha256")[:16]


def hash_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def _purpose(row: Subscriber) -> str:
    return f"bulletin_subscriber.address.{row.pk}"
