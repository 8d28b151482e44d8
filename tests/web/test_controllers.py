"""The kits of a processor on screen: who may look, make, take and note; what the worker keeps; and that nothing lies about in the clear."""

import io
import shutil
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from amanat.web import children
from amanat.web.accounts.models import Staff
from amanat.web.assess import controllers, tasks
from amanat.web.assess.controllers_models import ControllerTold, Kit, KitRun
from amanat.web.respond import actions as respond_actions
from amanat.web.respond.models import JournalEntry
from tests.processor.test_kits import a_story
from tests.web.test_trust import browser_of


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    return a_story(tmp_path_factory.mktemp("web-kits") / "story")


@pytest.fixture
def incident(db, staff_of, story, now):
    """Of Alice, who leads it; Charlie may only look, and Bob works on another one."""
    alice, charlie, bob = (staff_of(name) for name in ("alice", "charlie", "bob"))
    one = respond_actions.declare(title="Storage broken into", kind="data_breach", by=alice, now=now, folder=str(story))
    respond_actions.add_member(one, staff=charlie, role="viewer", by=alice, now=now)
    respond_actions.declare(title="Another", kind="phishing", by=bob, now=now)
    for name, value in (("role", "processor"), ("acquired", True), ("establishments", ["FR"]), ("main_establishment", "FR")):
        respond_actions.note_fact(one, name=name, value=value, status="known", source="test", by=alice, now=now)
    return one


RUNS: dict[tuple, tuple] = {}


@pytest.fixture(autouse=True)
def _each_run_once(monkeypatch, story, tmp_path_factory):
    """The worker's child process really runs, but not twice for the same question: it takes as long as all else together."""
    # Nobody has to hear meanwhile that the worker is alive: that closes the connection that this test's transaction lives in.
    monkeypatch.setattr(children, "LOOK_SECONDS", 600)
    ask = tasks.ask_amanat

    def once(arguments, **given):
        out = Path(arguments[arguments.index("--out") + 1])
        told = tuple(arguments[at + 1] for at, word in enumerate(arguments) if word == "--told")
        question = (told, (story / "controllers.toml").read_text(encoding="utf-8"))
        if question not in RUNS:
            code, answer = ask(arguments, **given)
            kept = tmp_path_factory.mktemp("kept") / "out"
            if out.exists():
                shutil.copytree(out, kept)
            RUNS[question] = (code, answer, kept)
        elif RUNS[question][2].exists():
            shutil.copytree(RUNS[question][2], out)
        return RUNS[question][:2]

    monkeypatch.setattr(tasks, "ask_amanat", once)


def made(incident):
    """Kits as the worker makes them."""
    controllers.ask(incident, by=Staff.objects.get(email="alice@example.org"))
    tasks.make_kits(None, str(controllers.newest_run(incident).pk))
    run = controllers.newest_run(incident)
    assert run.state == "done", run.sentence
    return {kit.controller: kit for kit in Kit.objects.filter(run=run)}


def address(incident, name="controllers", *more):
    return reverse(name, args=[incident.pk, *more])


@pytest.mark.parametrize(("who", "status"), [("alice", 200), ("charlie", 200), ("bob", 404)])
def test_who_may_see_the_controllers(incident, as_staff, who, status):
    assert browser_of(as_staff, who).get(address(incident)).status_code == status


@pytest.mark.parametrize(("who", "status"), [("charlie", 403), ("bob", 404)])
def test_who_may_not_make_take_or_note(incident, as_staff, who, status):
    one = browser_of(as_staff, who)
    assert one.post(address(incident, "make_kits")).status_code == status
    assert one.post(address(incident, "take_kit", "acme-hotels"), {"why": "x"}).status_code == status
    assert one.post(address(incident, "controller_told", "acme-hotels"), {}).status_code == status
    assert not KitRun.objects.exists()


def test_a_stranger_sees_nothing(incident, client):
    assert client.get(address(incident)).status_code in (302, 403)
    assert client.post(address(incident, "take_kit", "acme-hotels"), {"why": "x"}).status_code in (302, 403)


def test_the_worker_makes_a_kit_for_each_controller_and_keeps_it_encrypted(incident, as_staff):
    kits = made(incident)

    assert sorted(kits) == ["acme-hotels", "blue-clinic"]
    for kit in kits.values():
        assert b"PK\x03\x04" not in bytes(kit.secret)
        assert b"example.org" not in bytes(kit.secret)
    text = browser_of(as_staff, "alice").get(address(incident)).content.decode()
    assert "Acme Hotels" in text
    assert "Its own clock has not begun." in text
    assert "the register names no controller for them" in text
    assert JournalEntry.objects.filter(incident=incident, act="kits.made").count() == 1


def test_nothing_of_a_person_is_left_on_a_disk(incident):
    made(incident)

    for path in settings.DATA.rglob("*"):
        if path.is_file() and path.stat().st_size < 1_000_000 and "cache" not in path.parts and "compiled" not in path.parts:
            assert b"louis.martin@example.org" not in path.read_bytes(), path


def test_a_kit_is_taken_for_a_reason_and_holds_one_controllers_persons_only(incident, as_staff):
    made(incident)
    alice = browser_of(as_staff, "alice")

    refused = alice.post(address(incident, "take_kit", "acme-hotels"), {"why": " "})
    answer = alice.post(address(incident, "take_kit", "acme-hotels"), {"why": "sent to their data-protection officer"})

    assert refused.status_code == 302
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        everything = "".join(pack.read(name).decode() for name in pack.namelist())
        assert {name.split("/")[0] for name in pack.namelist()} == {"acme-hotels"}
    assert "louis.martin@example.org" in everything
    assert "blue" not in everything.casefold()
    assert "karl" not in everything.casefold()
    line = JournalEntry.objects.get(incident=incident, act="kit.taken")
    assert (line.what, line.why) == ({"kit": "acme-hotels"}, "sent to their data-protection officer")


def test_our_own_list_says_who_is_nobodys(incident, as_staff):
    made(incident)

    answer = browser_of(as_staff, "alice").post(address(incident, "take_kit", "ours"), {"why": "to settle them"})

    assert "n1,no_controller" in answer.content.decode()


def test_a_controller_that_does_not_exist_has_no_kit(incident, as_staff):
    made(incident)
    alice = browser_of(as_staff, "alice")

    assert alice.post(address(incident, "take_kit", "nobody"), {"why": "x"}).status_code == 404
    assert alice.post(address(incident, "controller_told", "nobody"), {}).status_code == 404


def test_once_told_its_clock_begins_then_and_the_next_kit_counts_from_there(incident, as_staff):
    made(incident)
    alice = browser_of(as_staff, "alice")
    at = timezone.localtime(timezone.now() - timedelta(hours=5)).replace(second=0, microsecond=0)

    answer = alice.post(
        address(incident, "controller_told", "blue-clinic"),
        {"blue-clinic-told_at": at.strftime("%Y-%m-%dT%H:%M"), "blue-clinic-how": "by telephone, Ms Example"},
    )

    assert answer.status_code == 302, answer.content.decode()
    assert ControllerTold.objects.get().told_at == at
    assert "make the kits again to count it" in alice.get(address(incident)).content.decode()
    kit = made(incident)["blue-clinic"]
    due = {one["id"]: one["due_at"] for one in kit.duties}
    assert datetime.fromisoformat(due["eu-gdpr.authority"]) == at + timedelta(hours=72)
    assert "by telephone, Ms Example" in alice.get(address(incident)).content.decode()


def test_a_moment_that_has_not_come_is_refused(incident, as_staff):
    made(incident)
    later = (timezone.localtime(timezone.now()) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")

    answer = browser_of(as_staff, "alice").post(
        address(incident, "controller_told", "blue-clinic"), {"blue-clinic-told_at": later, "blue-clinic-how": "by mail"}
    )

    assert answer.status_code == 422
    assert "This moment has not come yet." in answer.content.decode()
    assert not ControllerTold.objects.exists()


def test_what_is_missing_is_said_and_earlier_kits_stay(incident, as_staff, story):
    made(incident)
    good = (story / "controllers.toml").read_text(encoding="utf-8")
    try:
        (story / "controllers.toml").write_text(good.replace('country = "DE"', 'country = "Germany"'), encoding="utf-8")
        controllers.ask(incident, by=Staff.objects.get(email="alice@example.org"))
        tasks.make_kits(None, str(controllers.newest_run(incident).pk))
    finally:
        (story / "controllers.toml").write_text(good, encoding="utf-8")

    run = controllers.newest_run(incident)
    assert run.state == "failed"
    assert "is no country" in run.sentence
    assert Kit.objects.count() == 2
    assert "The last kits were not made." in browser_of(as_staff, "alice").get(address(incident)).content.decode()


def test_one_wish_at_a_time(incident):
    alice = Staff.objects.get(email="alice@example.org")

    assert controllers.ask(incident, by=alice)
    assert not controllers.ask(incident, by=alice)
    assert KitRun.objects.count() == 1


def test_persons_that_were_erased_are_not_read_again(incident):
    controllers.ask(incident, by=Staff.objects.get(email="alice@example.org"))
    type(incident).objects.filter(pk=incident.pk).update(wrapped_keys=None)

    tasks.make_kits(None, str(controllers.newest_run(incident).pk))

    assert "were erased" in controllers.newest_run(incident).sentence


@pytest.mark.parametrize(("language", "says"), [("fr", "Quels responsables du traitement devons-nous informer"), ("fa", "کدام کنترل‌کننده")])
def test_the_page_speaks_the_language_of_its_reader(incident, as_staff, language, says):
    assert says in browser_of(as_staff, "alice", language).get(address(incident)).content.decode()
