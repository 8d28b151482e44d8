"""A record of the stolen files with its values: for whom, for which reason, once, and with a line in the journal."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from amanat.web.accounts.models import Staff
from amanat.web.respond import actions, journal
from amanat.web.scope import people

from .test_people import a_person

pytestmark = pytest.mark.django_db

PLACES = ({"path": "lists/guests.csv", "place": "", "record": 1, "same": ["email"], "other": []},)


@pytest.fixture
def incident(staff_of, now, tmp_path):
    """Of Alice, who leads it; Dana answers persons, Charlie may only look. One person stands in the second record of a file."""
    (tmp_path / "files" / "lists").mkdir(parents=True)
    (tmp_path / "files" / "lists" / "guests.csv").write_text("name,email\nMarc Petit,marc@example.org\nSara Canari,sara1@example.org\n")
    alice, charlie, dana = (staff_of(name) for name in ("alice", "charlie", "dana"))
    one = actions.declare(title="Practice", kind="data_breach", by=alice, now=now, folder=str(tmp_path))
    actions.add_member(one, staff=charlie, role="viewer", by=alice, now=now)
    actions.add_member(one, staff=dana, role="support", by=alice, now=now)
    people.load(one, [a_person(1, places=PLACES)])
    return one


def address(incident, number=1):
    return reverse("reveal", args=[incident.pk, people.find(incident, person_id="G-1").pk, number])


def revealed(incident):
    return [entry for entry in journal.entries(incident.pk) if entry["act"] == "record.revealed"]


def test_the_record_is_shown_once_for_a_reason_that_stands_in_the_journal(incident, as_staff):
    browser = as_staff(incident.declared_by)
    assert "sara1@example.org" not in browser.get(address(incident)).content.decode()
    answer = browser.post(address(incident), {"why": "Two records look alike"})
    page = answer.content.decode()

    assert "sara1@example.org" in page and "marc@example.org" not in page
    assert answer["Cache-Control"] == "no-store"
    (entry,) = revealed(incident)
    assert entry["why"] == "Two records look alike"
    assert entry["what"] == {"person": str(people.find(incident, person_id="G-1").pk), "place": 1}
    assert "sara1" not in browser.get(address(incident)).content.decode()


def test_without_a_reason_nothing_is_shown(incident, as_staff):
    answer = as_staff(incident.declared_by).post(address(incident), {"why": "  "})
    assert answer.status_code == 400 and "sara1@" not in answer.content.decode()
    assert revealed(incident) == []


def test_only_lead_and_data_protection_officer_see_values_and_are_offered_to(incident, as_staff, staff_of):
    codes = {
        name: as_staff(Staff.objects.get(email=f"{name}@example.org")).post(address(incident), {"why": "x"}).status_code
        for name in ("charlie", "dana")
    }
    assert codes == {"charlie": 403, "dana": 403}
    page = reverse("person", args=[incident.pk, people.find(incident, person_id="G-1").pk])
    assert address(incident) in as_staff(incident.declared_by).get(page).content.decode()
    assert address(incident) not in as_staff(Staff.objects.get(email="dana@example.org")).get(page).content.decode()
    assert as_staff(staff_of("bob")).get(address(incident)).status_code == 404


def test_a_form_of_another_site_shows_nothing(incident):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(incident.declared_by, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.post(address(incident), {"why": "x"}).status_code == 403
    assert revealed(incident) == []


def test_a_place_that_the_person_does_not_have_is_not_there(incident, as_staff):
    browser = as_staff(incident.declared_by)
    assert [browser.get(address(incident, number)).status_code for number in (0, 2)] == [404, 404]


def test_that_the_files_are_erased_is_said_in_three_languages(incident, as_staff, tmp_path):
    (tmp_path / "files" / "lists" / "guests.csv").unlink()
    browser = as_staff(incident.declared_by)
    said = (("fa", "دیگر روی این دستگاه نیستند"), ("fr", "ne sont plus sur cette machine"), ("en", "not on this machine any more"))
    for language, words in said:
        Staff.objects.filter(pk=incident.declared_by.pk).update(language=language)
        assert words in browser.post(address(incident), {"why": "x"}).content.decode()
    assert revealed(incident) == []


def test_who_has_seen_many_records_within_an_hour_waits(incident, as_staff, monkeypatch):
    from amanat.web.scope import views

    monkeypatch.setattr(views, "REVEALED_AN_HOUR", 0)
    answer = as_staff(incident.declared_by).post(address(incident), {"why": "x"})
    assert answer.status_code == 429 and "sara1@" not in answer.content.decode()
    assert revealed(incident) == []


def test_the_record_of_erased_persons_is_gone(incident, as_staff, now):
    where = address(incident)
    actions.erase_people(incident, by=incident.declared_by, now=now, why="over")
    assert as_staff(incident.declared_by).post(where, {"why": "x"}).status_code == 410


def test_what_was_shown_lies_on_no_disk(incident, as_staff):
    as_staff(incident.declared_by).post(address(incident), {"why": "x"})
    held = [path for path in settings.DATA.rglob("*") if path.is_file() and "pg" not in path.parts and b"sara1@example.org" in path.read_bytes()]
    assert held == []


def test_nobody_waits_for_a_scan_that_is_not_compiled_yet(incident, as_staff, monkeypatch):
    import subprocess

    from procrastinate.contrib.django.models import ProcrastinateJob

    from amanat.web.scope import revealing

    asked = []

    def slow_with_marks(arguments, **given):
        asked.append((arguments, given["most_seconds"]))
        if "--plain" not in arguments:
            raise subprocess.TimeoutExpired("amanat", given["most_seconds"])
        return 0, {"shown": "name: Sara Canari | email: sara1@example.org"}

    monkeypatch.setattr(revealing, "ask_amanat", slow_with_marks)
    page = as_staff(incident.declared_by).post(address(incident), {"why": "x"}).content.decode()
    assert "sara1@example.org" in page and "The kinds of data are not marked this time" in page
    assert [seconds for _arguments, seconds in asked] == [15, 60]
    assert ProcrastinateJob.objects.filter(task_name="warm_scan").count() == 1
    as_staff(incident.declared_by).post(address(incident), {"why": "x"})
    assert ProcrastinateJob.objects.filter(task_name="warm_scan").count() == 1  # one is enough
    assert len(revealed(incident)) == 2
