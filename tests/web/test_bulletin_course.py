"""The page of one issue: what became of every reader's mail, who released and stopped it and when, and the buttons."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from amanat.web.bulletin import actions, course, heard, issuing, subscribing, tasks
from amanat.web.bulletin.models import Issue, IssueMail
from amanat.web.notify import outlets_actions
from amanat.web.notify.queries import company_of
from amanat.web.respond import journal

from ..notify.outlet_world import notice
from .test_approval import alice, fresh, incident, story  # noqa: F401  fixtures
from .test_bulletin import a_reader, no_jobs, release, server, staff, told  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


def an_issue(told, *states):  # noqa: F811
    """One issue on its way, with a mail in each of these states."""
    for n in range(len(states)):
        a_reader(company_of(told).name, f"guest{n}@example.org")
    issue = issuing.begin(release(told, ["bulletin"]), now=timezone.now())
    for mail, state in zip(IssueMail.objects.filter(issue=issue).order_by("pk"), states, strict=True):
        IssueMail.objects.filter(pk=mail.pk).update(state=state, answer="550 5.1.1 no such user" if state in ("bounced", "refused") else "")
    return issue


def page_of(issue, fresh, name="Charlie", path="issue"):  # noqa: F811
    return fresh(name).get(reverse(path, args=[issue.outlet.incident_id, issue.outlet_id]))


def post(issue, fresh, path, name):  # noqa: F811
    return fresh(name).post(reverse(path, args=[issue.outlet.incident_id, issue.outlet_id]))


def test_every_reader_is_in_one_figure(told, no_jobs):  # noqa: F811
    every = ("queued", "attempting", "accepted", "delivered", "complained", "refused", "bounced", "bounced", "unsure", "left")
    found = course.course(an_issue(told, *every), now=timezone.now())

    assert (found.n, found.n_open, found.n_sent, found.n_failed, found.n_unsure, found.n_left_before) == (10, 2, 3, 3, 1, 1)
    assert found.n_complained == 1 and found.n_settled == 8
    assert found.answers == [("550 5.1.1 no such user", 3)]


def test_who_left_after_it_is_counted_when_their_row_is_gone(told, no_jobs):  # noqa: F811
    issue, now = an_issue(told, "accepted", "accepted"), timezone.now()
    subscribing.leave(subscribing.leave_token(IssueMail.objects.filter(issue=issue).first().subscriber), now=now)
    heard.note_who_left(now=now)
    subscribing.delete_due(now=now + timedelta(days=31))

    assert course.course(issue, now=now).n_left_after == 1


def test_the_page_names_who_released_it_and_what_came_back(told, no_jobs, fresh):  # noqa: F811
    text = page_of(an_issue(told, "accepted", "bounced", "complained"), fresh).content.decode()

    assert "Approved by Alice and Bob." in text and "Sent: 2 of 3." in text
    assert "550 5.1.1 no such user" in text and "example.org" not in text
    assert "began to send an issue of the bulletin" in text and "released a public statement" in text


def test_the_page_names_the_issue_in_its_reader_s_language(told, no_jobs, fresh):  # noqa: F811
    issue = an_issue(told, "accepted")
    type(staff("Charlie")).objects.filter(name="Charlie").update(language="fa")

    assert f'<strong lang="fa" dir="rtl">{notice("fa").title}</strong>' in page_of(issue, fresh).content.decode()


def test_an_error_of_ours_is_said_in_words_with_the_hour_of_the_next_try(told, no_jobs, fresh, monkeypatch):  # noqa: F811
    issue = an_issue(told, "queued")
    monkeypatch.setattr(issuing, "send", lambda issue: [][0])
    with pytest.raises(IndexError):
        tasks.send_issue.func(str(issue.pk))

    text = page_of(issue, fresh, "Bob").content.decode()
    assert "An error of the program (IndexError). Let it go on;" in text and "It is tried again by itself:" in text
    assert reverse("go_on_issue", args=[told.pk, issue.outlet_id]) in text


def test_the_page_of_what_went_out_leads_to_it(told, no_jobs, fresh):  # noqa: F811
    issue = an_issue(told, "accepted")
    statements = fresh("Charlie").get(reverse("statements", args=[told.pk])).content.decode()

    assert statements.count(reverse("issue", args=[told.pk, issue.outlet_id])) == 1


def test_before_it_begins_and_in_another_incident(told, no_jobs, fresh):  # noqa: F811
    outlet = release(told, ["bulletin"])
    page = fresh("Charlie").get(reverse("issue", args=[told.pk, outlet.pk]))

    assert "It begins within a minute." in page.content.decode()
    assert fresh("Charlie").get(reverse("issue", args=[told.pk, uuid.uuid4()])).status_code == 404


def test_whoever_may_stop_stops_and_nothing_leaves_until_somebody_lets_it_go_on(told, no_jobs, fresh):  # noqa: F811
    issue, later = an_issue(told, "queued"), timezone.now() + timedelta(days=1)
    assert post(issue, fresh, "stop_issue", "Charlie").status_code == 403  # a viewer
    assert post(issue, fresh, "stop_issue", "Dana").status_code == 302

    assert not issuing.unfinished(now=later).exists()
    text = page_of(issue, fresh, "Dana").content.decode()
    assert "Dana stopped it on" in text and reverse("go_on_issue", args=[told.pk, issue.outlet_id]) not in text
    assert post(issue, fresh, "go_on_issue", "Dana").status_code == 403
    assert reverse("go_on_issue", args=[told.pk, issue.outlet_id]) in page_of(issue, fresh, "Bob").content.decode()
    assert post(issue, fresh, "go_on_issue", "Bob").status_code == 302

    assert issuing.unfinished(now=later).get() == issue
    acts = [(entry["who"], entry["act"]) for entry in journal.entries(told.pk) if entry["act"].startswith("bulletin.")]
    assert acts == [("amanat", "bulletin.begun"), (str(staff("Dana").pk), "bulletin.stopped"), (str(staff("Bob").pk), "bulletin.went_on")]


def test_what_stopped_by_itself_can_be_tried_at_once(told, no_jobs):  # noqa: F811
    issue, now = an_issue(told, "queued"), timezone.now()
    issuing.end(issue, why="there is no mail relay", now=now)
    assert not issuing.unfinished(now=now).exists()

    assert actions.go_on(issue, by=staff("Bob"), now=now)
    assert issuing.unfinished(now=now).get() == issue
    assert not actions.go_on(issue, by=staff("Bob"), now=now)


def test_a_stopped_issue_that_is_withdrawn_comes_to_its_end(told, no_jobs, fresh):  # noqa: F811
    issue, now = an_issue(told, "queued"), timezone.now()
    actions.stop(issue, by=staff("Bob"), now=now)
    outlets_actions.withdraw(told, issue.outlet_id, why="a wrong date", by=staff("Alice"), now=now)

    assert not actions.go_on(issue, by=staff("Bob"), now=now)
    assert issuing.unfinished(now=now).get() == issue
    issuing.end(issue, why="asked to stop", now=now)
    text = page_of(issue, fresh).content.decode()
    assert "Alice withdrew it on" in text and "a wrong date" in text and "Stop sending" not in text


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_claim_it_at_the_same_moment_one_gets_it(told, no_jobs):  # noqa: F811
    issue, now = an_issue(told, "queued"), timezone.now()

    def claim():
        try:
            return issuing.claim(issue.pk, now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            assert issuing.claim(issue.pk, now=now) == issue
            second = other.submit(claim)
            with pytest.raises(TimeoutError):
                second.result(timeout=0.5)  # it waits for the first
        assert second.result(timeout=30) is None


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_at_it_hears_the_stop_and_waits_for_no_hour(told, server, no_jobs, monkeypatch):  # noqa: F811
    for n in range(3):
        a_reader(company_of(told).name, f"guest{n}@example.org")
    issue = issuing.begin(release(told, ["bulletin"]), now=timezone.now())
    real = issuing.claim

    def stopped_meanwhile(pk, *, now):
        claimed = real(pk, now=now)
        actions.stop(issue, by=staff("Bob"), now=now)
        return claimed

    monkeypatch.setattr(issuing, "claim", stopped_meanwhile)
    tasks.send_issue.func(str(issue.pk))
    issue = Issue.objects.get(pk=issue.pk)
    assert server.messages == [] and (issue.why, issue.not_before, issue.ended_at) == ("", None, None)
