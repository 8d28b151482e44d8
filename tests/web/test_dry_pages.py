"""The dry run counts and prices without telling anybody; a test goes to staff, is marked, and counts for nobody."""

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.accounts.models import Staff
from amanat.web.notify import plans, trials
from amanat.web.notify.board import board
from amanat.web.notify.models import ReceiptRow, SendingRow, TrialRow
from amanat.web.respond import journal
from amanat.web.scope import people

from .test_approval import alice, fresh, inbox, incident, person, story  # noqa: F401  fixtures


@pytest.mark.django_db
def test_the_page_counts_by_channel_and_says_what_is_odd(incident, fresh):  # noqa: F811
    home = {"address": "1 rue Exemple, 75000 Paris"}
    people.load(
        incident,
        [
            person(0, **home),
            person(1, emails=("guest0@example.org",)),
            person(2, emails=(), channel_order=("email", "letter"), **home),
            person(3, emails=("nonsense",), channel_order=("email",)),
            person(4, minor=True),
        ],
    )
    counts = plans.counts_of(incident, now=timezone.now())
    assert counts.dry["units"] == {"email": 3, "letter": 1}
    assert counts.dry["odd"] == {
        "n_bad_email": 0,
        "n_same_email": 2,
        "n_same_household": 2,
        "n_shared_envelope": 0,
        "n_together": 0,
        "n_same_record": 0,
        "n_minor": 1,
        "n_deceased": 0,
        "n_left_out": 1,
        "n_no_contact": 0,
    }
    page = fresh("Charlie").get(reverse("dry_run", args=[incident.pk])).content.decode()
    assert "with the same postal address as another person" in page
    assert "send_test" not in page and reverse("send_test", args=[incident.pk]) not in page  # a viewer sends none
    assert SendingRow.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_test_goes_to_the_chosen_staff_and_counts_as_told_for_nobody(incident, fresh, inbox):  # noqa: F811
    bob = Staff.objects.get(name="Bob")
    answer = fresh("Bob").post(reverse("send_test", args=[incident.pk]), {"notice": ["eu.en", "eu.fr", "other"], "to": [str(bob.pk)]}, follow=True)
    assert "Tests on their way: 2." in answer.content.decode()
    ids = [str(row.pk) for row in TrialRow.objects.all()]
    trials.send_trials.func(ids=ids)
    trials.send_trials.func(ids=ids)  # a job that comes twice

    assert inbox.to == ["bob@example.org"] * 2
    assert [mail["Subject"] for mail in inbox.mails] == ["[TEST] A message about your account"] * 2
    assert all("Dear [TEST]," in mail.get_body(("plain",)).get_content() for mail in inbox.mails)
    assert set(TrialRow.objects.values_list("became", flat=True)) == {"accepted"}
    assert (SendingRow.objects.count(), ReceiptRow.objects.count(), board(incident)["n_reached"]) == (0, 0, 0)
    act = [e for e in journal.entries(incident.pk) if e["act"] == "test.sent"][-1]
    assert act["what"] == {"notices": ["eu.en", "eu.fr"], "n_staff": 1}
    assert "Bob" in fresh("Bob").get(reverse("dry_run", args=[incident.pk])).content.decode()


@pytest.mark.django_db
def test_a_test_goes_to_members_only(incident, fresh, staff_of):  # noqa: F811
    eve = staff_of("eve")
    url = reverse("send_test", args=[incident.pk])
    fresh("Bob").post(url, {"notice": ["eu.en"], "to": [str(eve.pk), "x"]})
    fresh("Bob").post(url, {"notice": [], "to": [str(Staff.objects.get(name="Bob").pk)]})
    assert not TrialRow.objects.exists()
    assert fresh("Charlie").post(url, {"notice": ["eu.en"], "to": []}).status_code == 403
    assert fresh("Eve").get(reverse("dry_run", args=[incident.pk])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_test_of_a_drill_does_not_leave_the_machine(incident, fresh, monkeypatch):  # noqa: F811
    monkeypatch.setenv("AMANAT_SMTP", "smtp://mail.example.org:25")
    alice = Staff.objects.get(name="Alice")  # noqa: F811
    fresh("Alice").post(reverse("send_test", args=[incident.pk]), {"notice": ["eu.en"], "to": [str(alice.pk)]})
    row = TrialRow.objects.get()
    trials.send_trials.func(ids=[str(row.pk)])
    row.refresh_from_db()
    assert (row.became, "reaches only this machine" in row.answer) == ("refused", True)
