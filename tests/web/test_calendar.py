"""The feed of deadlines: a key of its own in a header, nothing personal, stable names, and a SEQUENCE that rises."""

import base64
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone as zones
from icalendar import Calendar

from amanat.web.accounts.models import Staff
from amanat.web.assess import actions as assess_actions
from amanat.web.assess.models import CalendarKey, DeadlineEntry
from amanat.web.respond import actions
from tests.web.test_duties import again, group, note

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(staff_of):
    now = (zones.now() - timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)
    alice, _bob = staff_of("alice"), staff_of("bob")
    one = actions.declare(title="Theft at the Maison Exemple", kind="data_breach", by=alice, now=now)
    for name, value in {"awareness": now.isoformat(), "role": "controller", "main_establishment": "FR", "risk": "high"}.items():
        note(one, name, value, now)
    assess_actions.take_in(one, content={"duties": [], "questions": [], "assumed": []}, scope=None, now=now, counted=[group("FR", 1200)])
    again(one)
    return one


def a_key(as_staff, name):
    """A key as its page shows it, once."""
    staff = Staff.objects.get(email=f"{name}@example.org")
    return as_staff(staff).post(reverse("calendar_keys"), {"name": "telephone"}).context["new_key"]


def read(name, key, **headers):
    basic = base64.b64encode(f"{name}@example.org:{key}".encode()).decode()
    return Client().get(reverse("calendar_feed"), headers={"Authorization": f"Basic {basic}", **headers})


def events(answer):
    return {str(event["uid"]): event for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_without_a_key_the_feed_asks_for_one_and_tells_nothing(incident, as_staff):
    key = a_key(as_staff, "alice")

    answer = Client().get(reverse("calendar_feed"))
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer["WWW-Authenticate"].startswith("Basic ")
    assert [read(*given).status_code for given in (("alice", "guessed"), ("bob", key), ("alice", ""))] == [401, 401, 401]
    assert Client().get(reverse("calendar_feed") + f"?key={key}").status_code == 401


def test_a_key_opens_the_deadlines_of_ones_own_incidents(incident, as_staff):
    answer = read("alice", a_key(as_staff, "alice"))

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store"
    event = events(answer)[f"eu-gdpr.authority.{incident.pk}@amanat"]
    assert event.decoded("dtstart").isoformat()[-6:] in ("+01:00", "+02:00")  # where the French authority is
    assert str(event["status"]) == "CONFIRMED"
    assert events(read("bob", a_key(as_staff, "bob"))) == {}


def test_nothing_of_a_person_nor_the_title_of_the_incident_stands_in_it(incident, as_staff):
    content = read("alice", a_key(as_staff, "alice")).content.decode()

    assert "Maison" not in content and "Alice" not in content and "example.org" not in content


def test_the_key_is_kept_as_a_hash_and_ends_when_its_owner_says_so(incident, as_staff):
    key = a_key(as_staff, "alice")
    row = CalendarKey.objects.get()
    assert key.encode() not in bytes(row.key_hash)
    assert read("alice", key).status_code == 200

    bob, alice = (as_staff(Staff.objects.get(email=f"{name}@example.org")) for name in ("bob", "alice"))
    assert bob.post(reverse("end_calendar_key", args=[row.pk])).status_code == 404
    alice.post(reverse("end_calendar_key", args=[row.pk]))
    assert read("alice", key).status_code == 401


def test_who_works_here_no_more_reads_no_more(incident, as_staff):
    key = a_key(as_staff, "alice")
    Staff.objects.filter(email="alice@example.org").update(is_active=False)

    assert read("alice", key).status_code == 401


def test_whoever_guesses_keys_is_stopped_for_an_hour(incident):
    codes = [read("alice", f"guess-{n}").status_code for n in range(21)]

    assert codes == [401] * 20 + [429]


def test_a_moved_deadline_keeps_its_name_and_raises_its_sequence(incident, as_staff):
    key, uid = a_key(as_staff, "alice"), f"eu-gdpr.authority.{incident.pk}@amanat"
    before = events(read("alice", key))[uid]
    note(incident, "awareness", (incident.declared_at + timedelta(hours=2)).isoformat(), incident.declared_at + timedelta(hours=3))
    again(incident)
    after = events(read("alice", key))[uid]
    again(incident)
    same = events(read("alice", key))[uid]

    assert after.decoded("dtstart") - before.decoded("dtstart") == timedelta(hours=2)
    assert [int(one["sequence"]) for one in (before, after, same)] == [0, 1, 1]


def test_what_is_not_required_is_cancelled_and_what_is_done_rings_no_more(incident, as_staff):
    key, alice, now = a_key(as_staff, "alice"), incident.declared_by, incident.declared_at + timedelta(hours=1)
    entry = DeadlineEntry.objects.get(incident=incident, duty_id="eu-gdpr.authority")
    assert entry.standing == "CONFIRMED"
    assess_actions.decide(incident, "eu-gdpr.authority", decision="done", why="", owner=None, by=alice, now=now)
    done = events(read("alice", key))[f"eu-gdpr.authority.{incident.pk}@amanat"]
    assert str(done["summary"]).startswith("Done: ") and not done.walk("VALARM")

    assess_actions.decide(incident, "eu-gdpr.authority", decision="reopened", why="", owner=None, by=alice, now=now + timedelta(minutes=1))
    assess_actions.decide(
        incident, "eu-gdpr.authority", decision="not_required", why="A drill.", owner=None, by=alice, now=now + timedelta(minutes=2)
    )
    gone = events(read("alice", key))[f"eu-gdpr.authority.{incident.pk}@amanat"]
    assert (str(gone["status"]), int(gone["sequence"])) == ("CANCELLED", 3)


def test_one_incident_is_offered_as_a_file_to_its_members_alone(incident, as_staff):
    address = reverse("incident_calendar", args=[incident.pk])
    alice, bob = (as_staff(Staff.objects.get(email=f"{name}@example.org")).get(address) for name in ("alice", "bob"))

    assert alice["Content-Disposition"] == 'attachment; filename="deadlines.ics"' and len(events(alice)) >= 1
    assert bob.status_code == 404


def test_the_feed_speaks_the_language_of_its_reader(incident, as_staff):
    key = a_key(as_staff, "alice")
    Staff.objects.filter(email="alice@example.org").update(language="fa")

    assert "اطلاع به مرجع رسمی" in str(events(read("alice", key))[f"eu-gdpr.authority.{incident.pk}@amanat"]["summary"])
