"""Messages that nobody can be sure of: a named person decides with a reason, and nobody is told twice without that."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat import notify
from amanat.web.notify import queries
from amanat.web.notify.actions import void_approvals
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import ReceiptRow, SendingRow
from amanat.web.respond import journal

from .test_approval import alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger(incident, fresh, monkeypatch):  # noqa: F811
    """Three mails of forty are unsure, and held."""
    monkeypatch.setattr(PostgresLedger, "do", lambda self, what, *args: what(*args))
    sign(fresh, incident)
    countersign(fresh, incident)
    one, now = PostgresLedger(queries.standing_approval(incident), retry=notify.Retry(hold_unsure=True)), timezone.now()
    for sending in one.claim("email", 3, at=now):
        one.record(notify.Outcome(sending_id=sending.sending_id, became="unsure", answer="the connection broke"), at=now)
    return one


def unsure():
    return SendingRow.objects.filter(state="unsure")


def decide(fresh, incident, name="Bob", **given):  # noqa: F811
    given = {"verdict": "again", "which": "all", "why": "the log of the server says nothing", "seen_at": timezone.now().isoformat()} | given
    return fresh(name).post(reverse("settle_unsure", args=[incident.pk]), given, follow=True)


def test_the_page_shows_them_by_batch_and_the_sending_page_leads_there(ledger, incident, fresh):  # noqa: F811
    page = fresh("Bob").get(reverse("unsure", args=[incident.pk])).content.decode()
    assert page.count('name="sending"') == 3
    assert "the connection broke" in page
    assert "guest" not in page.lower()
    assert reverse("unsure", args=[incident.pk]) in fresh("Bob").get(reverse("sending", args=[incident.pk])).content.decode()
    minute = unsure()[0].changed_at.replace(second=0, microsecond=0)
    batch = fresh("Bob").get(reverse("unsure", args=[incident.pk]), {"channel": "email", "minute": minute.isoformat()}).content.decode()
    assert batch.count('name="sending"') == 3
    other = fresh("Bob").get(reverse("unsure", args=[incident.pk]), {"channel": "email", "minute": (minute - timedelta(hours=1)).isoformat()})
    assert other.content.decode().count('name="sending"') == 0


def test_one_that_is_ticked_is_sent_again_and_the_others_wait_on(ledger, incident, fresh):  # noqa: F811
    first = unsure()[0]
    decide(fresh, incident, which="ticked", sending=[str(first.pk)])
    first.refresh_from_db()
    assert (first.state, first.n_breaks, unsure().count()) == ("queued", 0, 2)
    assert ReceiptRow.objects.filter(sending=first).order_by("-pk")[0].answer == "Bob decided: sent again"
    act = [e for e in journal.entries(incident.pk) if e["act"] == "unsure.settled"][-1]
    assert act["what"] == {"verdict": "again", "n_sendings": 1, "sendings": [first.pk.hex]}
    assert act["why"] == "the log of the server says nothing"
    assert first.pk.hex in {s.sending_id for s in ledger.claim("email", 40, at=timezone.now())}


@pytest.mark.parametrize(("verdict", "state"), [("told", "accepted"), ("hold", "unsure")])
def test_all_of_them_are_told_or_held(ledger, incident, fresh, verdict, state):  # noqa: F811
    pks = [row.pk for row in unsure()]
    decide(fresh, incident, verdict=verdict)
    assert set(SendingRow.objects.filter(pk__in=pks).values_list("state", flat=True)) == {state}
    assert not {pk.hex for pk in pks} & {s.sending_id for s in ledger.claim("email", 40, at=timezone.now())}


@pytest.mark.parametrize(
    "given", [{"why": " "}, {"verdict": "lost"}, {"which": ""}, {"seen_at": ""}, {"seen_at": "yesterday"}, {"which": "ticked", "sending": ["x"]}]
)
def test_without_a_reason_or_a_choice_nothing_is_decided(ledger, incident, fresh, given):  # noqa: F811
    decide(fresh, incident, **given)
    assert unsure().count() == 3


def test_what_became_unsure_after_the_look_is_not_decided_unseen(ledger, incident, fresh):  # noqa: F811
    seen_at = (timezone.now() - timedelta(minutes=1)).isoformat()
    decide(fresh, incident, seen_at=seen_at)
    assert unsure().count() == 3


def test_on_a_void_approval_nothing_is_sent_again(ledger, incident, fresh):  # noqa: F811
    void_approvals(incident, why="a notice changed", now=timezone.now())
    page = decide(fresh, incident).content.decode()
    assert unsure().count() == 3
    assert "Their approval is void, so they cannot be sent again: 3" in page
    decide(fresh, incident, verdict="told")
    assert unsure().count() == 0


def test_who_may_not_approve_decides_nothing_and_a_stranger_sees_nothing(ledger, incident, fresh, staff_of):  # noqa: F811
    staff_of("eve")
    assert decide(fresh, incident, name="Charlie").status_code == 403
    assert decide(fresh, incident, name="Eve").status_code == 404
    assert fresh("Eve").get(reverse("unsure", args=[incident.pk])).status_code == 404
    assert unsure().count() == 3


def test_the_policy_for_those_that_follow_is_a_persons_too(ledger, incident, fresh):  # noqa: F811
    url = reverse("unsure_policy", args=[incident.pk])
    assert fresh("Charlie").post(url, {"policy": "hold", "why": "x"}).status_code == 403
    fresh("Bob").post(url, {"policy": "hold", "why": ""})
    assert not queries.standing_approval(incident).holds_unsure
    fresh("Bob").post(url, {"policy": "hold", "why": "patients must not be written to twice"})
    approval = queries.standing_approval(incident)
    assert approval.holds_unsure
    act = [e for e in journal.entries(incident.pk) if e["act"] == "unsure.policy"][-1]
    assert (act["what"], act["why"]) == ({"approval": str(approval.pk), "policy": "hold"}, "patients must not be written to twice")


def test_a_sender_at_work_follows_a_changed_policy(incident, fresh, ledger):  # noqa: F811
    now = timezone.now()
    for hold, state in ((False, "queued"), (True, "unsure")):
        ledger.follow(hold_unsure=hold)
        [sending] = ledger.claim("email", 1, at=now)
        ledger.record(notify.Outcome(sending_id=sending.sending_id, became="unsure", answer="broke"), at=now)
        assert SendingRow.objects.get(pk=sending.sending_id).state == state
