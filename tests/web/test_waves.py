"""What strangers report and check becomes alerts that staff see: without anybody's words, and bounded whatever anybody sends."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from amanat import notify
from amanat.web.detect.models import AlertRow, HandedIn
from amanat.web.notify import queries as of_notices
from amanat.web.notify.models import SendingRow
from amanat.web.public import actions, strangers, waves
from amanat.web.public.models import FakeReport, StrangeSign
from amanat.web.respond import journal

from .test_approval import alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures
from .test_public import door, sent  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db
STRANGE = "0000-0000-0000-0"
FAKE = "Dear Sara Miller, your stay is cancelled unless you confirm your card at https://book.thief.example/sara within a day."


def check(door, text, n_from=1, **more):  # noqa: F811
    for n in range(n_from):
        assert door.post("/en/verify/", {"code": text} | more, REMOTE_ADDR=f"198.51.100.{n}").status_code == 200


def sentences():
    return [
        one["says"] % one["details"] for row in AlertRow.objects.order_by("at") for one in row.opened()["evidence"] if one["strength"] != "context"
    ]


def test_three_reports_of_one_fake_are_one_alert_that_all_staff_see_and_no_word_of_the_report_is_in_it(sent, staff_of, as_staff):  # noqa: F811
    now = timezone.now()
    for n in range(3):
        assert waves.see(now=now) == 0
        actions.report_fake(came_by="email", text=FAKE.replace("Sara", f"Sara{n}"), now=now)
    assert waves.see(now=now) == 1
    row = AlertRow.objects.get()
    assert (row.kind, row.n_events, row.handed_in.by, row.handed_in.what) == ("disinformation", 3, None, "told")
    opened = row.opened()
    assert opened["entity"] == {"type": "domain", "value": "thief.example"}
    assert "Miller" not in json.dumps(opened) and "confirm your card" not in json.dumps(opened).casefold()
    page = as_staff(staff_of("dora")).get(reverse("alerts")).content.decode()
    assert "thief.example" in page and "reports of false messages" in page


def test_a_wave_that_grows_stays_one_alert(sent):  # noqa: F811
    now = timezone.now()
    for n in range(8):
        actions.report_fake(came_by="email", text=FAKE, now=now)
        waves.see(now=now)
        assert AlertRow.objects.count() == (1 if n >= 2 else 0)
    assert AlertRow.objects.get().n_events == 8


def test_staff_open_an_incident_from_such_an_alert(sent, staff_of, as_staff):  # noqa: F811
    now = timezone.now()
    for _ in range(3):
        actions.report_fake(came_by="email", text=FAKE, now=now)
    waves.see(now=now)
    answer = as_staff(staff_of("dora")).post(reverse("open_from_alert", args=[AlertRow.objects.get().pk]))
    assert answer.status_code == 302


def test_one_mistyped_code_raises_nothing_and_one_that_many_ask_about_does(sent, door):  # noqa: F811
    check(door, STRANGE)
    assert waves.see(now=timezone.now()) == 0
    check(door, STRANGE, n_from=6)
    assert waves.see(now=timezone.now()) == 1
    assert sentences()[0].startswith("The code with the fingerprint ") and sentences()[0].endswith("was asked about 7 times, from 6 connections.")


def test_a_rising_count_of_different_codes_is_seen(sent, door):  # noqa: F811
    for n in range(30):
        code = notify.code_for(b"x" * 32, str(n))
        door.post("/en/verify/", {"code": code}, REMOTE_ADDR=f"203.0.113.{n}")
    waves.see(now=timezone.now())
    assert sentences() == ["30 codes that are not ours were asked about within one hour, from 30 connections; usual is 0."]


def test_a_code_of_ours_in_a_text_message_that_we_never_sent_is_seen_without_whose_it_is(sent, door):  # noqa: F811
    row = SendingRow.objects.filter(notice__language="en").first()
    code = notify.code_for(of_notices.code_key(), row.pk.hex)
    check(door, code, n_from=5, came_by="sms")
    kept = StrangeSign.objects.get(sort="way")
    assert bytes(kept.mark_hash) != bytes(row.code_hash)
    waves.see(now=timezone.now())
    assert sentences() == ["A code of ours was asked about 5 times as if it had come in a way that we never used (Text message), from 5 connections."]
    check(door, code, n_from=5, came_by="email")
    assert StrangeSign.objects.filter(sort="way").get().n == 5  # where it was sent it leaves no trace


def test_of_a_message_that_was_checked_only_the_domain_of_its_links_is_kept_and_that_encrypted(sent, door):  # noqa: F811
    check(door, FAKE)
    row = StrangeSign.objects.get(sort="link")
    assert b"thief" not in bytes(row.secret)
    assert not FakeReport.objects.exists()
    assert waves.see(now=timezone.now()) == 0
    check(door, FAKE.replace("Miller", "Keller"), n_from=5)
    waves.see(now=timezone.now())
    assert sentences() == ["6 messages that were checked lead to thief.example; they came from 5 connections."]


def test_made_up_links_do_not_fill_the_disk(sent, door, monkeypatch):  # noqa: F811
    monkeypatch.setattr(strangers, "SIGNS_A_DAY", 4)
    for n in range(4):
        check(door, FAKE + " ".join(f"https://a{n}{m}.example/" for m in range(9)))
    assert StrangeSign.objects.filter(sort="link").count() == 4
    assert strangers.delete_due(now=timezone.now() + strangers.KEPT_FOR * 2) >= 4


def test_anonymous_reports_add_one_line_an_hour_to_the_journal_however_many_come(sent, monkeypatch):  # noqa: F811
    monkeypatch.setattr(actions, "KEPT_AN_HOUR", 5)
    now = timezone.now().replace(minute=30)
    before = len(list(journal.entries(sent.pk)))
    for _ in range(40):
        actions.report_fake(came_by="email", text=FAKE, now=now)
        waves.see(now=now)
        actions.note_fakes(now=now)
    assert len(list(journal.entries(sent.pk))) == before
    actions.note_fakes(now=now + timedelta(hours=1))
    lines = list(journal.entries(sent.pk))[before:]
    assert [(one["act"], one["what"]["n"], one["what"]["n_kept"]) for one in lines] == [("fake.reported", 40, 5)]
    assert (AlertRow.objects.count(), FakeReport.objects.count()) == (1, 5)


def test_what_somebody_handed_in_always_has_a_name(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        HandedIn.objects.create(what="mail", at=timezone.now(), by=None, wrapped_keys=b"")
