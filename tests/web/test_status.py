"""The status page and its files: one writes, another publishes, everybody reads the same in three languages; fakes are reported."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from django.utils import timezone

from amanat.web.public import actions, queries
from amanat.web.public.models import FakeReport
from amanat.web.public.static_file import write_files
from amanat.web.respond import actions as respond
from amanat.web.respond import journal
from amanat.web.respond.models import Incident

from .test_approval import alice, countersign, fresh, incident, sign, story  # noqa: F401  fixtures
from .test_public import code_of, door, sent  # noqa: F401

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def words(known="We closed the access.", changed=""):
    part = {"unknown": "Who did it.", "doing": "We read the files.", "changed": changed}
    return {"en": {"known": known, **part}, "fr": {"known": "L’accès est fermé.", **part}, "fa": {"known": "دسترسی بسته شد.", **part}}


def staff(name):
    from amanat.web.accounts.models import Staff

    return Staff.objects.get(name=name)


def publish(incident, now, **more):  # noqa: F811
    row = actions.write_update(incident, words=words(**more), next_at=now + timedelta(hours=6), by=staff("Alice"), now=now)
    return actions.publish(incident, row.pk, by=staff("Bob"), now=now)


def test_who_wrote_an_update_cannot_publish_it(incident):  # noqa: F811
    row = actions.write_update(incident, words=words(), next_at=None, by=staff("Alice"), now=timezone.now())

    with pytest.raises(actions.NotNow, match="same"):
        actions.publish(incident, row.pk, by=staff("Alice"), now=timezone.now())
    actions.publish(incident, row.pk, by=staff("Bob"), now=timezone.now())
    with pytest.raises(actions.NotNow, match="gone"):
        actions.publish(incident, row.pk, by=staff("Bob"), now=timezone.now())
    assert [e["act"] for e in journal.entries(incident.pk)][-2:] == ["update.written", "update.published"]


def test_the_page_shows_the_newest_words_the_promise_and_what_was_said_before(incident, door):  # noqa: F811
    now = timezone.now()
    publish(incident, now - timedelta(hours=3), known="First words.")
    publish(incident, now, known="Second words.", changed="We now know how they came in.")
    page = door.get("/en/").content.decode()

    assert page.index("We write again by") < page.index("We now know how they came in.") < page.index("Second words.") < page.index("First words.")
    assert "L’accès est fermé." in door.get("/fr/").content.decode()
    assert "دسترسی بسته شد." in door.get("/fa/").content.decode()


def test_a_draft_is_not_public(incident, door):  # noqa: F811
    actions.write_update(incident, words=words(), next_at=None, by=staff("Alice"), now=timezone.now())

    assert "We closed the access." not in door.get("/en/").content.decode() + door.get("/en/feed.atom").content.decode()


def test_the_feed_has_an_entry_for_each_text_the_newest_first(incident, door):  # noqa: F811
    now = timezone.now()
    first = publish(incident, now - timedelta(hours=3), known="First words.")
    second = publish(incident, now, known="Second words.")
    feed = ET.fromstring(door.get("/en/feed.atom").content)

    assert [e.findtext(f"{ATOM}id") for e in feed.findall(f"{ATOM}entry")] == [f"urn:uuid:{second.pk}", f"urn:uuid:{first.pk}"]


def test_the_files_need_no_server(incident, settings, tmp_path):  # noqa: F811
    settings.DATA = tmp_path
    publish(incident, timezone.now())
    folder = write_files()

    page = (folder / "fa" / "index.html").read_text(encoding="utf-8")
    assert 'dir="rtl"' in page and "دسترسی بسته شد." in page and "<style>" in page
    assert "stylesheet" not in page and "<script" not in page and "<img" not in page
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == [
        f"{language}/{name}" for language in ("en", "fa", "fr") for name in ("feed.atom", "feed.json", "index.html")
    ]


def test_the_promise_of_the_newest_update_is_the_one_that_is_shown(incident):  # noqa: F811
    now = timezone.now()
    publish(incident, now)

    assert queries.next_promise(incident) == now + timedelta(hours=6)


def test_staff_write_and_publish_on_their_pages_and_a_viewer_cannot(incident, fresh):  # noqa: F811
    given = {f"{language}_{part}": text for language, said in words().items() for part, text in said.items()}
    address = reverse("updates", args=[incident.pk])
    assert fresh("Charlie").post(address, given).status_code == 403
    assert "required" in fresh("Alice").post(address, given | {"fa_known": ""}).content.decode()
    assert fresh("Alice").post(address, given | {"next_at": "2026-11-23T09:00"}).status_code == 302
    row = queries.draft(incident)

    assert fresh("Charlie").post(reverse("publish_update", args=[incident.pk, row.pk])).status_code == 403
    page = fresh("Bob").post(reverse("publish_update", args=[incident.pk, row.pk]), follow=True).content.decode()
    assert "Published." in page and queries.draft(incident) is None


def test_a_pasted_message_is_judged_by_the_code_in_it(sent, door):  # noqa: F811
    text = f"Dear guest,\nsomething happened to your data. Read it calmly. Code: {code_of()}\nWith apologies, the hotel."
    page = door.post("/en/verify/", {"code": text}).content.decode()

    assert "Yes, this message is from us." in page
    assert "leads to places that are not ours" not in page


def test_a_copied_code_beside_a_strange_link_is_warned_of(sent, door):  # noqa: F811
    text = f"Something happened to your data. Log in at https://hotel-refund.example/now to be refunded. Code: {code_of()}"
    page = door.post("/en/verify/", {"code": text}).content.decode()

    assert "leads to places that are not ours" in page and "hotel-refund.example" in page


def test_a_message_without_a_code_is_not_from_us(sent, door):  # noqa: F811
    page = door.post("/en/verify/", {"code": "Your account is locked. Call this number at once, or lose it all, says your hotel."}).content.decode()

    assert "There is no code of ours in this text." in page


def test_a_fake_is_kept_under_the_key_of_the_incident_and_read_by_staff(sent, door):  # noqa: F811
    answer = door.post("/en/verify/report/", {"came_by": "sms", "text": "Sara, pay at https://hotel-refund.example"})

    row = FakeReport.objects.get()
    assert answer.status_code == 200 and row.incident == sent
    assert b"Sara" not in bytes(row.secret) and actions.text_of(row).startswith("Sara, pay")


def test_a_fake_stands_with_the_incident_of_which_people_heard_last(sent):  # noqa: F811
    long_ago = timezone.now() - timedelta(days=200)
    old = respond.declare(title="An older one", kind="data_breach", by=staff("Alice"), now=long_ago)
    publish(old, long_ago)

    actions.report_fake(came_by="sms", text="pay", now=timezone.now())

    assert FakeReport.objects.get().incident == sent


def test_however_many_fakes_strangers_report_the_journal_gets_one_line_an_hour(sent, monkeypatch):  # noqa: F811
    monkeypatch.setattr(actions, "KEPT_AN_HOUR", 3)
    n_before, hour = len(list(journal.entries(sent.pk))), timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=2)
    for minute in range(5):
        actions.report_fake(came_by="sms", text="pay", now=hour + timedelta(minutes=minute))
    assert len(list(journal.entries(sent.pk))) == n_before
    assert actions.note_fakes(now=hour + timedelta(minutes=59)) == 0  # the hour is not over

    assert actions.note_fakes(now=hour + timedelta(hours=1)) == 1
    assert actions.note_fakes(now=hour + timedelta(hours=1)) == 0
    lines = list(journal.entries(sent.pk))[n_before:]
    assert [(line["act"], line["what"]) for line in lines] == [("fake.reported", {"hour": hour.isoformat(), "n": 5, "n_kept": 3})]
    assert FakeReport.objects.count() == 3


def test_reports_are_deleted_after_ninety_days(sent):  # noqa: F811
    now = timezone.now()
    for days in (89, 91):
        actions.report_fake(came_by="sms", text="pay", now=now - timedelta(days=days))

    assert actions.delete_due(now=now) == 1
    assert FakeReport.objects.get().at == now - timedelta(days=89)


def test_reports_need_to_say_how_the_message_came_and_are_limited(sent, door, settings):  # noqa: F811
    settings.REPORTS_AN_HOUR = 2
    assert door.post("/en/verify/report/", {"text": "x"}).status_code == 400
    codes = [door.post("/en/verify/report/", {"came_by": "call"}).status_code for _ in range(3)]

    assert codes == [200, 200, 429]
    assert FakeReport.objects.count() == 2


def test_a_fake_before_any_incident_is_kept_without_one(db, door):  # noqa: F811
    door.post("/en/verify/report/", {"came_by": "email"})

    assert (Incident.objects.count(), FakeReport.objects.get().incident) == (0, None)
    assert django_settings.REPORTS_AN_HOUR == 10
