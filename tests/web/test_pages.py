"""The base pages: who gets in, in which language, with which headers."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_the_overview_sends_a_stranger_to_the_log_in(client):
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer.url.startswith("/login/")


def test_without_a_second_factor_only_the_set_up_page_opens(staff_of, as_staff):
    browser = as_staff(staff_of("alice", factor=False))

    assert browser.get("/").url == reverse("mfa_setup")
    assert browser.get(reverse("account")).url == reverse("mfa_setup")
    assert browser.get(reverse("declare")).url == reverse("mfa_setup")
    assert browser.get(reverse("mfa_setup")).status_code == 200


def test_an_empty_overview_teaches_what_to_do(staff_of, as_staff):
    page = as_staff(staff_of("alice")).get("/")

    assert page.status_code == 200
    assert "Nothing is burning." in page.content.decode()


def test_whoever_declares_an_incident_leads_it(staff_of, as_staff):
    from amanat.web.respond import journal
    from amanat.web.respond.models import Incident

    alice = staff_of("alice")
    answer = as_staff(alice).post(reverse("declare"), {"title": "Guest database on sale", "kind": "data_breach"})

    incident = Incident.objects.get()
    assert answer.status_code == 302
    assert list(incident.memberships.values_list("staff__name", "role")) == [("Alice", "lead")]
    assert [e["act"] for e in journal.entries(incident.pk)] == ["incident.declared", "member.added"]
    assert journal.verify(incident.pk).is_whole
