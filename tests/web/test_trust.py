"""Is trust coming back? Who may look and ask, what the worker does, and what stands on the page in three languages."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pyarrow.parquet as pq
import pypdfium2
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from amanat import prepare
from amanat.web.accounts.models import Staff
from amanat.web.crypto import DoesNotOpen
from amanat.web.respond import actions as respond_actions
from amanat.web.respond import journal
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson
from amanat.web.sealed import PIECE, SealedWriter, opened
from amanat.web.trust import actions, forms, queries, tasks, views
from amanat.web.trust.models import TrustReport
from amanat.web.uploads import FILE_MAX, SealedUpload, delete_left

AT = datetime.fromisoformat("2026-01-10T09:00:00+01:00")


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("web-trust") / "story"
    prepare.make_company(folder, persons=3000, seed=3, at=AT, excess_churn=0.10)
    return folder


@pytest.fixture
def incident(db, staff_of, story, now):
    """Of Alice, who leads it; Charlie may only look, and Bob works on another one."""
    alice, charlie, bob = (staff_of(name) for name in ("alice", "charlie", "bob"))
    one = respond_actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=now, folder=str(story))
    respond_actions.add_member(one, staff=charlie, role="viewer", by=alice, now=now)
    respond_actions.declare(title="Another", kind="phishing", by=bob, now=now)
    truth = pq.read_table(story / "truth.parquet").to_pylist()
    affected = sorted(
        {r["person_id"] for r in truth if r["readable"] and not r["path"].startswith("access/") and not r["person_id"].startswith("out-")}
    )
    # One of them waits for a reviewer, and a reviewer found that another is somebody else.
    states = {affected[0]: "review", affected[1]: "refused"}
    people.load(one, [a_person(person_id, states.get(person_id, "sure")) for person_id in affected])
    return one


def a_person(person_id, state):
    return people.Person(
        person_id=person_id,
        kinds=("email",),
        n_findings=1,
        n_records=1,
        belief=1.0,
        state=state,
        basis="content",
        residence="FR",
        language="fr",
        minor=False,
    )


def browser_of(as_staff, name, language="en"):
    staff = Staff.objects.get(email=f"{name}@example.org")
    Staff.objects.filter(pk=staff.pk).update(language=language)
    return as_staff(staff)


def an_upload(content):
    path = Path(settings.DATA) / uuid4().hex
    with SealedWriter(path) as file:
        file.write(content)
    return SealedUpload(path, file.key, name="events.csv", size=len(content))


def asked(incident, **given):
    report, _is_new = actions.ask(incident, by=incident.declared_by, now=timezone.now(), **given)
    return report


def measured(incident, **given):
    report = asked(incident, **given)
    tasks.measure_trust.func(None, report_id=str(report.pk))
    report.refresh_from_db()
    return report


def test_every_member_may_look_and_only_who_may_run_may_ask(incident, as_staff):
    page, ask, paper = (reverse(name, args=[incident.pk]) for name in ("measures", "measure", "board_paper"))

    assert [browser_of(as_staff, name).get(page).status_code for name in ("alice", "charlie", "bob")] == [200, 200, 404]
    assert [browser_of(as_staff, name).post(ask).status_code for name in ("charlie", "bob", "alice")] == [403, 404, 302]
    assert browser_of(as_staff, "alice").get(ask).status_code == 405
    # Nothing has been measured yet, so there is no paper.
    assert [browser_of(as_staff, name).get(paper).status_code for name in ("alice", "bob")] == [404, 404]


def test_an_empty_page_teaches_and_offers_the_form_to_who_may_ask(incident, as_staff):
    leads, looks = (browser_of(as_staff, name).get(reverse("measures", args=[incident.pk])).content.decode() for name in ("alice", "charlie"))

    assert "Nothing has been measured yet." in leads and "not identified" in leads
    assert "holds events" in leads and 'type="file"' in leads
    assert 'type="file"' not in looks


@pytest.mark.django_db(transaction=True)
def test_the_worker_measures_the_events_of_the_folder_and_the_page_shows_them(incident, as_staff):
    report = measured(incident)

    assert (report.state, report.sentence) == ("done", "")
    by_name = {m["name"]: m for m in report.content["measures"]}
    churn = by_name["excess_churn"]["estimate"]
    assert churn["low"] <= 0.10 <= churn["high"]
    assert report.content["n_left_out"] == 1  # who waits for a reviewer
    page = browser_of(as_staff, "charlie").get(reverse("measures", args=[incident.pk])).content.decode()
    assert "Customers who left because of the incident" in page and "compared with customers who were not affected" in page
    assert page.count("<svg") >= 5 and page.count("The same as a table") >= 5
    assert [e["act"] for e in journal.entries(incident.pk)][-2:] == ["trust.asked", "trust.measured"]
    # Counts and curves only: nobody's id, and nobody's words.
    assert "KH-0" not in str(report.content)
    steps = browser_of(as_staff, "alice").get(reverse("incident", args=[incident.pk])).context["steps_so_far"]
    assert next((s.state, s.n) for s in steps if s.name == "measures") == ("done", report.content["n_affected"])


@pytest.mark.django_db(transaction=True)
def test_french_and_persian_pages_and_papers_speak_their_language(incident, as_staff):
    measured(incident)
    page = reverse("measures", args=[incident.pk])
    french, persian = (browser_of(as_staff, "alice", language).get(page).content.decode() for language in ("fr", "fa"))

    assert "Clients partis à cause de l’incident" in french and "effet, par comparaison" in french
    assert 'dir="rtl"' in persian and "مشتریانی که به‌خاطر رخداد رفتند" in persian and "۱۸۰" in persian
    paper = browser_of(as_staff, "alice", "fr").get(reverse("board_paper", args=[incident.pk]))
    assert paper["Content-Type"] == "application/pdf" and "attachment" in paper["Content-Disposition"]
    text = pypdfium2.PdfDocument(paper.content)[0].get_textpage().get_text_range()
    assert "La confiance revient" in text


@pytest.mark.django_db(transaction=True)
def test_an_uploaded_table_is_measured_and_deleted(incident, as_staff, story):
    table = SimpleUploadedFile("events.parquet", (story / "events.parquet").read_bytes())
    answer = browser_of(as_staff, "alice").post(reverse("measure", args=[incident.pk]), {"events": table, "since": ""})
    report = TrustReport.objects.get()

    assert answer.status_code == 302 and report.is_uploaded
    folder = queries.folder_of(report)
    # Encrypted under a key that only the incident's keys open, and under no other name anywhere.
    assert b"PAR1" not in (folder / "events").read_bytes() and folder.stat().st_mode & 0o077 == 0
    assert list((Path(settings.DATA) / "uploads").iterdir()) == []
    tasks.measure_trust.func(None, report_id=str(report.pk))
    report.refresh_from_db()
    assert (report.state, report.sentence, report.sealed_key) == ("done", "", None) and not folder.exists()


@pytest.mark.django_db(transaction=True)
def test_a_table_that_cannot_be_used_becomes_a_sentence_on_the_page(incident, as_staff):
    report = measured(incident, uploaded=an_upload(b"persom,at,kind\n1,2026-01-01,order\n"))

    assert report.state == "failed" and report.sentence.startswith("the table: has no column 'person_id'")
    assert not queries.folder_of(report).exists()
    page = browser_of(as_staff, "alice").get(reverse("measures", args=[incident.pk])).content.decode()
    assert "did not come to its end" in page and "person_id" in page


@pytest.mark.django_db(transaction=True)
def test_before_the_files_were_read_nothing_can_be_measured(incident):
    AffectedPerson.objects.filter(incident=incident).delete()
    report = measured(incident)

    assert report.state == "failed" and "nobody knows yet who is affected" in report.sentence


@pytest.mark.django_db(transaction=True)
def test_after_erasure_nobody_can_say_who_was_affected(incident, now):
    respond_actions.erase_people(incident, by=incident.declared_by, now=now, why="end of the retention period")
    report = measured(incident)

    assert report.state == "failed" and "erased" in report.sentence


def test_a_second_wish_while_one_is_under_way_stores_nothing(incident, as_staff):
    first = asked(incident)
    second, is_new = actions.ask(incident, by=incident.declared_by, now=timezone.now(), uploaded=an_upload(b"x"))

    assert (second, is_new) == (first, False)
    assert not queries.folder_of(first).exists()


def test_a_report_is_claimed_once_and_given_up_after_three_beginnings(incident):
    report = asked(incident)
    for _ in range(3):
        assert actions.claim(report.pk, now=timezone.now())
        assert actions.claim(report.pk, now=timezone.now()) is None
        assert tasks.ring_for_unfinished() == 0
        TrustReport.objects.update(alive_at=timezone.now() - timedelta(minutes=3))

    assert actions.claim(report.pk, now=timezone.now()) is None
    report.refresh_from_db()
    assert report.state == "failed" and "begun 3 times" in report.sentence


def test_without_events_in_the_folder_a_table_must_be_given(incident, as_staff, tmp_path):
    type(incident).objects.filter(pk=incident.pk).update(folder=str(tmp_path))
    answer = browser_of(as_staff, "alice").post(reverse("measure", args=[incident.pk]), {})

    assert answer.status_code == 422 and not TrustReport.objects.exists()


def test_a_table_above_what_memory_takes_is_streamed_and_kept_as_it_came(incident, as_staff):
    content = b"persom,at,kind\n" + b"1,2026-01-01T00:00:00Z,order\n" * 400_000
    assert len(content) > 2 * FILE_MAX
    answer = browser_of(as_staff, "alice").post(reverse("measure", args=[incident.pk]), {"events": SimpleUploadedFile("big.csv", content)})
    report = TrustReport.objects.get()

    assert answer.status_code == 302
    path = queries.folder_of(report) / "events"
    key = bytes.fromhex(incident.keys().decrypt(report.sealed_key, place=actions.SEALED_KEY, row=report.pk))
    assert b"".join(opened(path, key)) == content
    assert b"order" not in path.read_bytes()


def test_a_table_above_the_promised_limit_gets_a_sentence_and_nothing_of_it_stays(incident, as_staff, monkeypatch):
    monkeypatch.setattr(views.measure, "takes_bytes", 5_000_000)
    monkeypatch.setattr(forms, "UPLOAD_MAX_BYTES", 5_000_000)
    table = SimpleUploadedFile("big.csv", b"x" * 5_000_001)
    answer = browser_of(as_staff, "alice").post(reverse("measure", args=[incident.pk]), {"events": table})

    assert answer.status_code == 422 and "This table is larger than one gigabyte; nothing of it was kept." in answer.content.decode()
    assert list((Path(settings.DATA) / "uploads").iterdir()) == [] and not TrustReport.objects.exists()


def test_who_may_not_measure_brings_no_large_file_either(incident, as_staff):
    page, table = reverse("measure", args=[incident.pk]), b"x" * (3 * FILE_MAX + 1)
    for name in ("charlie", "bob"):
        answer = browser_of(as_staff, name).post(page, {"events": SimpleUploadedFile("big.csv", table)})
        assert answer.status_code == 413, name
    folder = Path(settings.DATA) / "uploads"
    assert not folder.exists() or list(folder.iterdir()) == []


def test_an_upload_that_nobody_kept_is_deleted_after_some_hours(incident):
    left = an_upload(b"x")
    old = Path(settings.DATA) / "uploads" / "left"
    old.parent.mkdir(exist_ok=True)
    left.keep(old)
    assert delete_left() == 0
    os.utime(old, (0, 0))
    assert delete_left() == 1 and not old.exists()


@pytest.mark.parametrize("n", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7])
def test_a_sealed_file_comes_back_whole_and_shows_every_change(tmp_path, n):
    content, path = os.urandom(n), tmp_path / "sealed"
    with SealedWriter(path) as file:
        for start in range(0, n, 300_000):
            file.write(content[start : start + 300_000])
    assert b"".join(opened(path, file.key)) == content
    sealed = path.read_bytes()
    damaged = [sealed[:-1], sealed + b"x", bytes([sealed[0] ^ 1]) + sealed[1:]]
    if n > PIECE:
        damaged += [sealed[: PIECE + 16], sealed[PIECE + 16 :] + sealed[: PIECE + 16]]
    for other in damaged:
        path.write_bytes(other)
        with pytest.raises(DoesNotOpen):
            list(opened(path, file.key))
