"""What do we see? Files handed in, read by the worker, alerts that open an incident or join one, and who may see which."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from amanat.web.detect import actions, queries, tasks
from amanat.web.detect.models import AlertRow, HandedIn
from amanat.web.respond import actions as respond
from amanat.web.respond import journal
from amanat.web.respond.models import CarriedAlert, FactRow, Incident

pytestmark = pytest.mark.django_db

PHISH = (
    b"From: Security <no-reply@login.example>\nTo: sara@example.org\nSubject: Your mailbox\nDate: Fri, 13 Nov 2026 09:00:00 +0100\n"
    b"Message-ID: <1@x.example>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"
    b'<p>Please verify your password within 24 hours:</p><form action="http://203.0.113.9/x"><input type="password"></form>\n'
)
LOG = b"".join(b"2026-11-13T09:00:%02d+01:00 web1 sshd[7]: Failed password for root from 203.0.113.9 port 1 ssh2\n" % i for i in range(30))


@pytest.fixture
def alert(staff_of, now):
    """In a message that Alice handed in and the worker has read."""
    row = actions.hand_in([("strange.eml", PHISH)], what="mail", by=staff_of("alice"), now=now)
    tasks.read_handed_in(str(row.pk))
    return AlertRow.objects.get(handed_in=row)


def test_a_message_handed_in_is_read_and_its_alert_stands_on_the_page(staff_of, as_staff):
    browser = as_staff(staff_of("alice"))
    assert "Nothing is seen yet." in browser.get(reverse("alerts")).content.decode()
    answer = browser.post(reverse("alerts"), {"what": "mail", "files": SimpleUploadedFile("strange.eml", PHISH)})
    assert answer.status_code == 302
    row = HandedIn.objects.get()
    tasks.read_handed_in(str(row.pk))

    page = browser.get(reverse("alerts")).content.decode()
    assert "It asks for a password in a form inside the message." in page and "login.example" in page
    details = browser.get(reverse("handed_in", args=[row.pk])).content.decode()
    assert "strange.eml" in details and "phishing" in details


def test_a_log_handed_in_becomes_one_alert(staff_of, now):
    row = actions.hand_in([("auth.log", LOG)], what="logs", by=staff_of("alice"), now=now)
    tasks.read_handed_in(str(row.pk))
    row.refresh_from_db()
    one = AlertRow.objects.get(handed_in=row)
    assert (row.state, row.n_read, one.kind, one.n_events) == ("done", 30, "social_engineering", 30)
    assert one.opened()["entity"] == {"type": "address", "value": "203.0.113.9"}


def test_files_are_encrypted_and_deleted_once_they_are_read(staff_of, now):
    row = actions.hand_in([("strange.eml", PHISH)], what="mail", by=staff_of("alice"), now=now)
    assert b"mailbox" not in bytes(row.files)
    tasks.read_handed_in(str(row.pk))
    row.refresh_from_db()
    alert = AlertRow.objects.get(handed_in=row)
    assert row.files is None
    assert b"login.example" not in bytes(alert.sealed) + bytes(row.results)


def test_what_cannot_be_read_is_said(staff_of, as_staff, now):
    row = actions.hand_in([("diary.log", b"Dear diary,\nnothing happened today.\n")], what="logs", by=staff_of("alice"), now=now)
    tasks.read_handed_in(str(row.pk))
    from amanat.web.accounts.models import Staff

    page = as_staff(Staff.objects.get()).get(reverse("handed_in", args=[row.pk])).content.decode()
    assert "It is no log in a form that is known here." in page and "diary.log" in page
    assert "That is no proof that nothing happened." in page


def test_one_click_opens_an_incident_that_carries_the_evidence_along(alert, as_staff):
    alice = alert.handed_in.by
    answer = as_staff(alice).post(reverse("open_from_alert", args=[alert.pk]))
    incident = Incident.objects.get()
    assert answer.url == reverse("incident", args=[incident.pk])
    carried = CarriedAlert.objects.get(incident=incident)
    assert (incident.kind, carried.fingerprint) == ("phishing", alert.alert_id)
    assert carried.opened()["evidence"] == alert.opened()["evidence"]
    assert carried.opened()["digests"] == alert.handed_in.digests
    assert [e["act"] for e in journal.entries(incident.pk)] == ["incident.declared", "member.added", "alert.carried", "fact.noted"]
    assert FactRow.objects.get(incident=incident, name="detection").status == "believed"
    assert journal.verify(incident.pk).is_whole
    assert "It asks for a password" in as_staff(alice).get(reverse("incident_alerts", args=[incident.pk])).content.decode()


def test_an_alert_joins_an_incident_once(alert, as_staff, now):
    alice = alert.handed_in.by
    incident = respond.declare(title="Mails in our name", kind="phishing", by=alice, now=now)
    browser = as_staff(alice)
    assert "Mails in our name" in browser.get(reverse("join_incident", args=[alert.pk])).content.decode()
    for _ in range(2):
        assert browser.post(reverse("join_incident", args=[alert.pk]), {"incident": str(incident.pk)}).status_code == 302
    assert CarriedAlert.objects.filter(incident=incident).count() == 1
    assert [e["act"] for e in journal.entries(incident.pk)].count("alert.carried") == 1


def test_who_looks_at_alerts_sees_which_incident_carries_one(alert, as_staff, now):
    alice = as_staff(alert.handed_in.by)
    assert "carried along" not in alice.get(reverse("alerts")).content.decode()

    respond.open_from_alert(alert, title="Mail in the name of the house", by=alert.handed_in.by, now=now)

    page = alice.get(reverse("alerts")).content.decode()
    assert "carried along" in page and "Mail in the name of the house" in page


def test_what_the_incident_carries_outlives_what_was_handed_in(alert, now):
    incident = respond.open_from_alert(alert, title="Phishing", by=alert.handed_in.by, now=now)
    HandedIn.objects.filter(pk=alert.handed_in_id).update(at=now - actions.KEPT_FOR * 2)
    assert actions.delete_due(now=now) and not AlertRow.objects.exists()
    assert CarriedAlert.objects.get(incident=incident).opened()["entity"]["value"] == "login.example"


def test_bob_and_a_stranger_do_not_learn_of_alice_s_alert(alert, staff_of, as_staff, client, now):
    bob = as_staff(staff_of("bob"))
    assert b"login.example" not in bob.get(reverse("alerts")).content
    assert bob.get(reverse("handed_in", args=[alert.handed_in_id])).status_code == 404
    assert bob.post(reverse("open_from_alert", args=[alert.pk])).status_code == 404
    assert bob.get(reverse("join_incident", args=[alert.pk])).status_code == 404
    for name, args in (("alerts", []), ("handed_in", [alert.handed_in_id]), ("join_incident", [alert.pk])):
        assert client.get(reverse(name, args=args)).status_code == 302
    assert client.post(reverse("open_from_alert", args=[alert.pk])).status_code == 302
    assert not Incident.objects.exists()


def test_nobody_joins_an_alert_to_an_incident_of_others(alert, staff_of, as_staff, now):
    theirs = respond.declare(title="Of Bob", kind="phishing", by=staff_of("bob"), now=now)
    viewer_of = respond.declare(title="Only to look at", kind="phishing", by=staff_of("carol"), now=now)
    respond.add_member(viewer_of, staff=alert.handed_in.by, role="viewer", by=alert.handed_in.by, now=now)
    browser = as_staff(alert.handed_in.by)
    for incident in (theirs, viewer_of):
        assert browser.post(reverse("join_incident", args=[alert.pk]), {"incident": str(incident.pk)}).status_code == 404
    assert browser.get(reverse("incident_alerts", args=[theirs.pk])).status_code == 404
    assert browser.get(reverse("incident_alerts", args=[viewer_of.pk])).status_code == 403
    assert not CarriedAlert.objects.exists()


def test_a_job_that_was_lost_gets_another_chance_and_not_for_ever(staff_of, now):
    row = actions.hand_in([("strange.eml", PHISH)], what="mail", by=staff_of("alice"), now=now)
    assert tasks.claim(row.pk) is not None
    assert tasks.claim(row.pk) is None  # somebody is at it
    HandedIn.objects.filter(pk=row.pk).update(alive_at=now - tasks.SILENT_FOR * 2, n_attempts=tasks.ATTEMPTS_MAX)
    tasks.read_handed_in(str(row.pk))
    row.refresh_from_db()
    assert row.state == "failed" and "never came to its end" in row.sentence and row.files is None


@pytest.mark.parametrize("language", ["fr", "fa"])
def test_reasons_stand_in_the_reader_s_language(alert, as_staff, language):
    from amanat.web.accounts.models import Staff

    Staff.objects.filter(pk=alert.handed_in.by_id).update(language=language)
    page = as_staff(Staff.objects.get(pk=alert.handed_in.by_id)).get(reverse("alerts")).content.decode()
    assert "It asks for a password" not in page
    assert {"fr": "mot de passe", "fa": "گذرواژه"}[language] in page


def test_every_sentence_of_detect_has_a_translation():
    from amanat import detect
    from amanat.web import messages

    for language in ("fr", "fa"):
        known = {m.id: m.string for m in messages.catalogue(language)}
        assert [says for says in detect.sentences() if not known.get(says)] == []


def test_a_sentence_about_a_gap_is_translated_inside_the_sentence_around_it():
    from django.utils import translation

    says, gap = "Not all of it could be read: %(gap)s", "It is encrypted, so its content could not be read."
    with translation.override("fr"):
        shown = queries.in_words(says, {"gap": gap})
    assert "encrypted" not in shown and "read" not in shown


def _log(address, accounts):
    return b"".join(
        b"2026-11-13T09:00:%02d+01:00 web1 sshd[7]: Failed password for %s from %s port 1 ssh2\n" % (i % 60, accounts[i % len(accounts)], address)
        for i in range(30)
    )


def test_a_wave_from_several_addresses_is_one_line_and_one_decision(staff_of, as_staff, now):
    alice, accounts = staff_of("alice"), [b"sara", b"omid"]
    content = b"".join(_log(b"203.0.113.%d" % n, accounts) for n in (7, 8, 9))
    row = actions.hand_in([("auth.log", content)], what="logs", by=alice, now=now)
    tasks.read_handed_in(str(row.pk))
    of_addresses = [one for one in AlertRow.objects.filter(handed_in=row) if one.opened()["entity"]["type"] == "address"]
    browser = as_staff(alice)
    page = browser.get(reverse("alerts")).content.decode()
    first, *others = [str(one.pk) for one in of_addresses if reverse("open_from_alert", args=[one.pk]) in page] + [
        str(one.pk) for one in of_addresses if f'name="also" value="{one.pk}"' in page
    ]
    assert len(others) == 2 and "and 2 more like it" in page

    browser.post(reverse("open_from_alert", args=[first]), {"also": others})
    assert CarriedAlert.objects.filter(incident=Incident.objects.get()).count() == 3


def test_alike_alerts_of_others_do_not_come_along(alert, staff_of, as_staff, now):
    bob = staff_of("bob")
    row = actions.hand_in([("auth.log", LOG)], what="logs", by=bob, now=now)
    tasks.read_handed_in(str(row.pk))
    browser = as_staff(bob)
    own = AlertRow.objects.get(handed_in=row)
    assert browser.post(reverse("open_from_alert", args=[own.pk]), {"also": [str(alert.pk)]}).status_code == 404
    assert browser.post(reverse("open_from_alert", args=[own.pk]), {"also": ["no id"]}).status_code == 404
    assert not Incident.objects.exists()


def test_mail_that_borrows_our_name_is_called_so_and_not_disinformation(alert):
    assert AlertRow(kind="disinformation").get_kind_display() == "Brand impersonation"
    assert Incident(kind="disinformation").get_kind_display() == "Brand impersonation or disinformation"


def test_what_is_said_several_times_stands_once_with_its_number():
    says = "%(n)s log-ins failed within five minutes, to %(accounts)s accounts."
    evidence = [{"strength": "strong", "signal": "guessing", "says": says, "details": {"n": n, "accounts": 37}} for n in (8, 8, 8, 12)]
    (shown,) = queries.shown_evidence(evidence)
    assert shown["sentence"] == "8 log-ins failed within five minutes, to 37 accounts."
    assert (shown["times"], shown["alike"]) == (3, ["12 log-ins failed within five minutes, to 37 accounts."])


def test_the_titles_of_our_own_rules_are_translated_and_those_of_others_stand_as_they_are():
    from django.utils import translation

    says, details = "One event matches the rule “%(title)s” (%(file)s, line %(line)s).", {"file": "a.log", "line": 3}
    with translation.override("fr"):
        assert "Les sauvegardes de la machine sont supprimées" in queries.in_words(says, {**details, "title": "Backups of the machine are deleted"})
        assert "Backups of the moon" in queries.in_words(says, {**details, "title": "Backups of the moon"})
