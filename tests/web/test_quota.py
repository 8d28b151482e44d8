"""Several senders of one house never attempt more than a provider takes, and whoever starts again remembers what was attempted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amanat import notify
from amanat.notify.quota import HOUR, Limit
from amanat.web.notify import queries, quota
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import AttemptsRow, SendingRow

from .test_approval import alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures

TEN = {"email": [Limit(10, HOUR)]}


@pytest.fixture
def approval(incident, fresh, monkeypatch):  # noqa: F811
    """Forty mails, of which the provider takes ten in an hour."""
    sign(fresh, incident)
    countersign(fresh, incident)
    return queries.standing_approval(incident)


@pytest.fixture
def here(monkeypatch):
    """Ledgers ask in the test's own thread, which alone sees its transaction."""
    monkeypatch.setattr(PostgresLedger, "do", lambda self, what, *args: what(*args))


def sender(approval):
    return PostgresLedger(approval, limits=TEN)


def accept(ledger, claimed, at):
    for one in claimed:
        ledger.record(notify.Outcome(sending_id=one.sending_id, became="accepted"), at=at)


@pytest.mark.django_db
def test_two_senders_together_stay_within_the_hour_and_so_does_whoever_comes_after_them(approval, here):
    now = timezone.now()
    one, two = sender(approval), sender(approval)
    accept(one, one.claim("email", 4, at=now), now)
    accept(two, two.claim("email", 4, at=now), now)
    # Here both are stopped, and two others begin.
    three, four = sender(approval), sender(approval)
    later = now + timedelta(minutes=20)
    assert [len(ledger.claim("email", 4, at=later)) for ledger in (three, four)] == [2, 0]
    assert SendingRow.objects.filter(n_attempts=1).count() == 10
    # An hour and a minute after the first eight, there is room for as many again.
    much_later = now + timedelta(minutes=61)
    assert len(four.claim("email", 40, at=much_later)) == 8


@pytest.mark.django_db
def test_a_sender_that_died_has_used_what_it_held(approval, here):
    now = timezone.now()
    sender(approval).claim("email", 10, at=now)
    SendingRow.objects.filter(state="attempting").update(leased_until=now - timedelta(minutes=5))
    after = sender(approval)
    assert after._take_over(now) == 10
    assert after.claim("email", 5, at=now) == []


@pytest.mark.django_db
def test_what_was_put_back_is_free_again(approval, here):
    now = timezone.now()
    one, two = sender(approval), sender(approval)
    claimed = one.claim("email", 10, at=now)
    later = now + timedelta(minutes=30)
    one.put_back([c.sending_id for c in claimed[:6]], at=later, answer="it is night where the person lives")
    assert len(two.claim("email", 40, at=later)) == 6
    assert two.claim("email", 40, at=later) == []


@pytest.mark.django_db
def test_a_limit_that_is_new_counts_what_was_attempted_before_it(approval, here):
    now = timezone.now()
    PostgresLedger(approval).claim("email", 7, at=now)
    assert not AttemptsRow.objects.exists()
    assert len(sender(approval).claim("email", 40, at=now)) == 3


@pytest.mark.django_db
def test_a_drill_takes_nothing_from_what_the_provider_sold(approval, here, incident):  # noqa: F811
    now = timezone.now()
    sender(approval).claim("email", 10, at=now)
    assert set(AttemptsRow.objects.values_list("is_drill", "n")) == {(True, 10)}
    incident.is_drill = False
    incident.save(update_fields=["is_drill"])
    SendingRow.objects.filter(state="attempting").update(state="queued", leased_by="")
    AttemptsRow.objects.create(channel="email", is_drill=False, minute=notify.minute_of(now), n=9)
    assert len(sender(queries.standing_approval(incident)).claim("email", 40, at=now)) == 1


@pytest.mark.django_db
def test_old_minutes_are_forgotten(approval):
    now = timezone.now()
    for days in (1, 4):
        AttemptsRow.objects.create(channel="email", is_drill=False, minute=notify.minute_of(now - timedelta(days=days)), n=1)
    quota.forget(now=now)
    assert AttemptsRow.objects.get().minute == notify.minute_of(now - timedelta(days=1))


@pytest.mark.django_db(transaction=True)
def test_senders_that_claim_at_the_same_moment_do_not_take_the_last_place_twice(approval):
    from concurrent.futures import ThreadPoolExecutor

    now = timezone.now()
    ledgers = [sender(approval) for _ in range(4)]
    try:
        with ThreadPoolExecutor(4) as pool:
            rounds = [list(pool.map(lambda ledger: len(ledger.claim("email", 3, at=now)), ledgers)) for _ in range(3)]
    finally:
        for ledger in ledgers:
            ledger.close()
    assert sum(map(sum, rounds)) == 10
    assert AttemptsRow.objects.get().n == 10
