"""Several senders under one approval: each claims what nobody holds, and a database that went away leaves no doubt that need not be."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.utils import timezone

from amanat import notify
from amanat.web.notify import queries, tasks
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import ApprovalRow, ReceiptRow, SenderRow, SendingRow

from .test_approval import alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledgers(incident, fresh, monkeypatch):  # noqa: F811
    """Two senders at the forty mails of one approval."""
    monkeypatch.setattr(PostgresLedger, "do", lambda self, what, *args: what(*args))  # in this thread, which alone sees the test's transaction
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)
    return PostgresLedger(approval), PostgresLedger(approval)


def accepted(sending):
    return notify.Outcome(sending_id=sending.sending_id, became="accepted", answer="250 taken")


def state_of(sending):
    return SendingRow.objects.get(pk=sending.sending_id).state


def test_two_senders_claim_different_mails(ledgers):
    one, two = (ledger.claim("email", 15, at=timezone.now()) for ledger in ledgers)
    assert len({s.sending_id for s in one} | {s.sending_id for s in two}) == 30


def test_whoever_is_at_high_risk_is_claimed_first(ledgers):
    chosen = SendingRow.objects.order_by("-pk")[:3]
    SendingRow.objects.filter(pk__in=[row.pk for row in chosen]).update(is_at_once=True)
    claimed = ledgers[0].claim("email", 3, at=timezone.now())
    assert {s.sending_id for s in claimed} == {row.pk.hex for row in chosen}


def test_what_a_living_sender_holds_nobody_takes_over(ledgers):
    one, two = ledgers
    one.claim("email", 5, at=timezone.now())
    assert two.resume(at=timezone.now()) == 0


def test_a_sender_that_a_server_keeps_waiting_holds_what_it_claimed(ledgers, monkeypatch):
    one, two = ledgers
    one.claim("email", 5, at=timezone.now())
    SendingRow.objects.filter(state="attempting").update(leased_until=timezone.now() + timedelta(seconds=1))
    beats = iter([False, True])
    monkeypatch.setattr(one._is_over, "wait", lambda seconds: next(beats))
    one._beat()
    assert SendingRow.objects.filter(leased_until__gt=timezone.now() + timedelta(seconds=50)).count() == 5
    assert two._take_over(timezone.now()) == 0


def test_a_sender_that_was_thought_dead_and_tells_in_time_spares_the_second_copy(ledgers):
    one, two = ledgers
    sending, other = one.claim("email", 2, at=timezone.now())
    SendingRow.objects.filter(state="attempting").update(leased_until=timezone.now() - timedelta(minutes=5))
    SenderRow.objects.all().delete()
    two._take_over(timezone.now())
    assert state_of(sending) == "queued"
    one.record(accepted(sending), at=timezone.now())
    assert state_of(sending) == "accepted"
    assert ReceiptRow.objects.filter(state="accepted").get().answer == "250 taken (said late by a sender that was thought dead)"
    assert sending.sending_id not in {s.sending_id for s in two.claim("email", 40, at=timezone.now())}
    # Where the other has begun again, both copies are on record and nothing is undone.
    one.record(accepted(other), at=timezone.now())
    assert state_of(other) == "attempting"


def test_an_answer_that_is_written_twice_counts_once(ledgers):
    one, _ = ledgers
    [sending] = one.claim("email", 1, at=timezone.now())
    for _ in range(2):  # the commit stood, and its answer was lost with the connection
        one.record(accepted(sending), at=timezone.now())
    assert ReceiptRow.objects.filter(state="accepted").count() == 1


def test_a_claim_whose_answer_was_lost_leaves_no_doubt(ledgers):
    one, _ = ledgers
    claimed = one.claim("email", 2, at=timezone.now())
    one._held.clear()  # the claim stood, and we never heard …
    one._was_cut_off = True  # … because the connection broke
    again = one.claim("email", 40, at=timezone.now())
    assert {s.sending_id for s in claimed} <= {s.sending_id for s in again}
    assert not ReceiptRow.objects.filter(state="unsure").exists()
    assert set(SendingRow.objects.values_list("n_attempts", flat=True)) == {1}


def test_what_is_put_back_until_a_moment_is_not_claimed_before(ledgers):
    one, _ = ledgers
    now = timezone.now()
    [sending] = one.claim("email", 1, at=now)
    one.put_back([sending.sending_id], at=now, answer="it is night where the person lives", until=now + timedelta(hours=8))
    assert sending.sending_id not in {s.sending_id for s in one.claim("email", 100, at=now)}
    assert sending.sending_id in {s.sending_id for s in one.claim("email", 100, at=now + timedelta(hours=9))}


def test_few_mails_have_one_sender_and_only_the_first_writes_letters(ledgers, incident, monkeypatch):  # noqa: F811
    approval = queries.standing_approval(incident)
    assert tasks.claim(approval.pk).sender.is_first
    assert tasks.claim(approval.pk) is None  # forty are one sender's work
    monkeypatch.setattr(tasks, "SENDINGS_PER_SENDER", 10)
    assert [tasks.claim(approval.pk).sender.is_first for _ in range(4)] == [False] * 4
    assert tasks.claim(approval.pk) is None
    SenderRow.objects.filter(is_first=True).update(alive_at=timezone.now() - 2 * queries.SILENT_FOR)
    assert tasks.claim(approval.pk).sender.is_first


@pytest.mark.parametrize("beats_first", [False, True])
def test_a_sender_that_stood_still_attempts_nothing_that_another_took_over(ledgers, beats_first):
    one, two = ledgers
    lost, kept = one.claim("email", 2, at=timezone.now())
    assert one.holds(lost.sending_id) and one.holds(kept.sending_id)
    # Its machine slept, or was cut off from the database: for minutes it could not renew what it holds.
    SendingRow.objects.filter(pk=lost.sending_id).update(leased_until=timezone.now() - timedelta(minutes=5))
    two._take_over(timezone.now())
    assert lost.sending_id in {s.sending_id for s in two.claim("email", 40, at=timezone.now())}
    one._held_at -= 300
    if beats_first:
        one.hold_on()
    assert not one.holds(lost.sending_id)
    assert one.holds(kept.sending_id)


def test_a_sender_that_was_itself_cut_off_takes_over_nothing_before_the_others_had_their_time(ledgers, monkeypatch):
    one, two = ledgers
    one.claim("email", 5, at=timezone.now())
    SendingRow.objects.filter(state="attempting").update(leased_until=timezone.now() - timedelta(seconds=1))
    tries = iter([OperationalError("the network is away"), None])

    def away():
        if (error := next(tries)) is not None:
            raise error

    with patch("amanat.web.notify.ledger.connection", in_atomic_block=False):
        two._patiently(away)
    for ledger in ledgers:
        monkeypatch.setattr(ledger, "_uptime", lambda: timedelta(days=1))
    assert two.resume(at=timezone.now()) == 0
    assert one.resume(at=timezone.now()) == 5


def test_an_answer_is_heard_although_the_list_was_approved_anew_meanwhile(ledgers):
    one, _ = ledgers
    taken, put_back, refused = one.claim("email", 3, at=timezone.now())
    again = ApprovalRow.objects.get(pk=one._approval)
    again.pk = uuid4()
    again.save(force_insert=True)
    SendingRow.objects.update(approval=again)  # as the ledger of the new approval is filled
    one.hold_on()
    assert one.holds(taken.sending_id)
    one.record(accepted(taken), notify.Outcome(sending_id=refused.sending_id, became="refused", answer="550 no"), at=timezone.now())
    one.put_back([put_back.sending_id], at=timezone.now(), answer="stopped")
    assert [state_of(s) for s in (taken, put_back, refused)] == ["accepted", "queued", "refused"]
