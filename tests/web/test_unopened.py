"""Placed is not read: messages in a portal that nobody opened are counted apart, and after some days the next channel takes its turn."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.notify import board, reach_export, unopened
from amanat.web.notify.models import ReceiptRow, SendingRow
from amanat.web.notify.queries import company_of
from amanat.web.respond import journal

from .test_approval import alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures
from .test_public import sent  # noqa: F401  fixture

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _nobody_sends(monkeypatch):
    monkeypatch.setattr(unopened, "ring", lambda approval: None)


@pytest.fixture
def placed(sent):  # noqa: F811
    """Three persons whose message lies in the portal since eight days, with a letter in reserve."""
    SendingRow.objects.filter(incident=sent, turn__gt=0).delete()
    rows = list(SendingRow.objects.filter(incident=sent).order_by("pk")[:3])
    SendingRow.objects.filter(incident=sent).exclude(pk__in=[row.pk for row in rows]).delete()
    SendingRow.objects.filter(incident=sent).update(channel="portal", state="accepted", changed_at=NOW - timedelta(days=8))
    for row in rows:
        SendingRow.objects.create(
            incident=sent,
            approval=row.approval,
            notice=row.notice,
            person=row.person,
            channel="letter",
            turn=row.turn + 1,
            state="idle",
            changed_at=NOW,
        )
    return rows


def letters(of):
    return SendingRow.objects.get(person=of.person, channel="letter").state


def test_the_next_channel_follows_a_message_that_was_not_opened_for_seven_days(sent, placed):  # noqa: F811
    early, opened, unread = placed
    SendingRow.objects.filter(pk=early.pk).update(changed_at=NOW - timedelta(days=6))
    SendingRow.objects.filter(pk=opened.pk).update(state="delivered")
    assert unopened.follow(now=NOW) == 1
    assert [letters(one) for one in placed] == ["idle", "idle", "queued"]
    unread.refresh_from_db()
    assert unread.state == "accepted"  # it stays in the portal
    said = ReceiptRow.objects.get(sending__person=unread.person, sending__channel="letter").answer
    assert said == "the message in the portal was not opened for 7 days"
    [line] = [one for one in journal.entries(sent.pk) if one["act"] == "portal.unopened"]
    assert (line["what"]["n"], line["what"]["days"]) == (1, 7)
    assert unopened.follow(now=NOW) == 0


@pytest.mark.parametrize("why_not", ["stopped_at", "voided_at"])
def test_nothing_follows_where_the_sending_was_stopped_or_voided(placed, why_not):
    type(placed[0].approval).objects.update(**{why_not: NOW})
    assert unopened.follow(now=NOW) == 0


def test_nothing_follows_where_somebody_was_told_otherwise_or_the_text_was_withdrawn(placed):
    told, withdrawn, other = placed
    SendingRow.objects.filter(person=told.person, channel="letter").update(state="accepted")
    type(withdrawn.notice).objects.filter(pk=withdrawn.notice_id).update(withdrawn_at=NOW)
    expected = [one for one in (withdrawn, other) if one.notice_id != withdrawn.notice_id]
    assert unopened.follow(now=NOW) == len(expected)


def test_the_company_chooses_after_how_many_days_or_never(placed, monkeypatch):
    from dataclasses import replace

    company = company_of(placed[0].incident)
    assert company.unopened_days == 7
    for days, n in ((9, 0), (0, 0), (8, 3)):
        monkeypatch.setattr(unopened, "company_of", lambda _incident, days=days: replace(company, unopened_days=days))
        assert unopened.follow(now=NOW) == n


def test_board_and_list_count_placed_and_opened_apart(sent, placed, fresh):  # noqa: F811
    SendingRow.objects.filter(pk=placed[0].pk).update(state="delivered")
    found = board.board(sent)
    assert (found["n_placed"], found["n_opened"], found["n_placed_alone"], found["n_reached"]) == (2, 1, 2, 3)
    [letter] = [row for row in found["channel"] if row["name"] == "letter"]
    assert letter["n_reserve"] == 2  # of whom has not opened theirs
    shown = fresh("Alice").get(reverse("reach", args=[sent.pk])).content.decode()
    assert "told in the portal alone, and the message there is not opened yet" in shown and "opened: 1; only placed: 2" in shown
    rows = [row for row in reach_export.rows(sent) if row["channel"]]
    assert sorted((row["channel"], row["portal"]) for row in rows) == [
        ("letter", ""),
        ("letter", ""),
        ("letter", ""),
        ("portal", "opened"),
        ("portal", "placed"),
        ("portal", "placed"),
    ]


def test_whoever_was_told_by_mail_as_well_is_not_counted_as_told_in_the_portal_alone(sent, placed):  # noqa: F811
    SendingRow.objects.filter(person=placed[0].person, channel="letter").update(channel="email", state="delivered")
    assert board.board(sent)["n_placed_alone"] == 2
