"""The page "Are we ready?": who may see and change it, what stands on it, and that unknown is never a pass."""

import tomllib
from datetime import datetime, timedelta, timezone

import pytest
from django.urls import reverse

from amanat.web.readiness import actions, queries, tasks
from amanat.web.readiness.models import DrillRow, LookRow, SheetRow

pytestmark = pytest.mark.django_db
TODAY = datetime.now(timezone.utc).date().isoformat()

COMPANY = """
name = "Karvan"
legal_name = "Karvan SAS"
address = "12 quai des Mariniers, 69009 Lyon"
country = "FR"
website = "https://www.karvan.example"
notices_url = "https://notice.karvan.example/verify"
sender = "notice@karvan.example"
privacy_email = "privacy@karvan.example"
domains = ["karvan.example"]
"""


@pytest.fixture
def admin(staff_of):
    return staff_of("alice", is_administrator=True)


@pytest.fixture
def jobs(monkeypatch):
    """The names of the jobs that were asked for."""
    asked = []
    monkeypatch.setattr(tasks.look, "defer", lambda **given: asked.append("look"))
    monkeypatch.setattr(tasks.drill, "defer", lambda **given: asked.append("drill"))
    return asked


def ready(browser):
    return browser.get(reverse("ready"))


def states(answer):
    return {line["name"]: str(line["state"]) for line in answer.context["lines"]}


def test_staff_see_the_page_only_administrators_change_it_and_strangers_must_log_in(admin, staff_of, as_staff, client, jobs):
    bob, careless = staff_of("bob"), staff_of("carol", factor=False)

    assert ready(as_staff(admin)).status_code == 200
    assert ready(as_staff(bob)).status_code == 200
    assert ready(as_staff(careless)).status_code in (302, 403)
    assert client.get(reverse("ready")).status_code == 302
    for name, arguments in (("ready_files", []), ("ready_look", []), ("ready_drill", []), ("ready_control", ["patching"])):
        assert as_staff(bob).post(reverse(name, args=arguments)).status_code == 403, name
    assert jobs == []


def test_while_nobody_has_said_anything_nothing_passes(admin, as_staff):
    answer = ready(as_staff(admin))

    assert states(answer)["patching"] == "unknown" and answer.context["n_open"] > 10
    assert "Unknown is not no, and it is no pass." in answer.content.decode()


def test_what_an_administrator_says_about_a_control_stands_on_the_page_with_owner_and_day(admin, as_staff):
    browser = as_staff(admin)
    entry = {"state": "in place", "owner": "IT lead", "evidence": "Update report", "on": TODAY}
    assert browser.post(reverse("ready_control", args=["patching"]), entry).status_code == 302
    answer = ready(browser)

    assert states(answer)["patching"] == "in place"
    assert "IT lead" in answer.content.decode()
    assert SheetRow.objects.get().by == admin


def test_every_change_is_a_row_of_its_own(admin, as_staff, now):
    for owner in ("IT", "Heads of office"):
        actions.say("firewall", {"state": "missing", "owner": owner}, by=admin, now=now)

    assert SheetRow.objects.count() == 2 and queries.newest_sheet().content["control"]["firewall"]["owner"] in ("IT", "Heads of office")


def test_a_day_that_is_still_to_come_is_refused_beside_the_field_and_keeps_the_input(admin, as_staff):
    answer = as_staff(admin).post(reverse("ready_control", args=["patching"]), {"state": "in place", "owner": "IT lead", "on": "2999-01-01"})

    assert answer.status_code == 200 and "still to come" in answer.content.decode() and "IT lead" in answer.content.decode()
    assert SheetRow.objects.count() == 0


def test_in_place_without_evidence_counts_as_unknown(admin, as_staff):
    browser = as_staff(admin)
    browser.post(reverse("ready_control", args=["patching"]), {"state": "in place", "owner": "IT", "on": TODAY})

    assert states(ready(browser))["patching"] == "unknown"


def test_a_control_that_does_not_exist_is_not_found(admin, as_staff):
    assert as_staff(admin).get(reverse("ready_control", args=["patchin"])).status_code == 404


def upload(browser, **texts):
    from django.core.files.uploadedfile import SimpleUploadedFile

    given = {name: SimpleUploadedFile(f"{name}.toml", text if isinstance(text, bytes) else text.encode()) for name, text in texts.items()}
    return browser.post(reverse("ready_files"), given, follow=True).content.decode()


def test_files_of_the_command_line_are_taken_over(admin, as_staff, now):
    browser = as_staff(admin)
    page = upload(browser, controls="[plan]\nout_of_band = ['mail']\nwritten_on = 2020-01-01\n", company=COMPANY)

    assert "Taken over." in page
    assert states(ready(browser))["out_of_band"] == "missing"
    assert queries.company_of(queries.newest_sheet()).domains == ("karvan.example",)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({"controls": "[control.patchin]\nstate = 'missing'\n"}, "did you mean"),
        ({"controls": "[control"}, "controls"),
        ({"controls": b"\xff\xfe\x00"}, "not text in UTF-8"),
        ({"company": "name = 'Karvan'\n"}, "is missing"),
        ({"controls": "[plan]\nwritten_on = 2999-01-01\n"}, "still to come"),
    ],
)
def test_a_file_with_a_mistake_gets_a_sentence_and_changes_nothing(admin, as_staff, texts, says):
    page = upload(as_staff(admin), **texts)

    assert says in page or "Expected" in page
    assert SheetRow.objects.count() == 0 and "/tmp" not in page


def test_what_was_seen_is_shown_without_asking_again(admin, as_staff, jobs, monkeypatch, django_capture_on_commit_callbacks):
    from amanat import prepare
    from amanat.prepare.world import FixedDns, Handshake

    browser = as_staff(admin)
    assert "which domains are ours" in browser.post(reverse("ready_look"), follow=True).content.decode()
    upload(browser, company=COMPANY)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("ready_look"))
    assert jobs == ["look"]

    def asked(company, *, selectors):
        from amanat.prepare.recorded import record

        dns = FixedDns({"karvan.example": ("v=spf1 -all",), "_dmarc.karvan.example": ("v=DMARC1; p=reject",)})
        return record(company, selectors, dns, lambda host: Handshake("ok", datetime(2099, 1, 1, tzinfo=timezone.utc)))

    monkeypatch.setattr(prepare, "ask_outside", asked)
    tasks.look.func()
    found = states(ready(browser))
    assert (found["dmarc"], found["spf"], found["tls"], found["dkim"]) == ("in place", "in place", "in place", "unknown")
    assert LookRow.objects.count() == 1


def test_a_domain_that_was_added_after_the_look_is_unknown(admin, as_staff, now):
    actions.keep({}, {**tomllib.loads(COMPANY), "domains": ["karvan.example", "new.example"]}, by=admin, now=now)
    LookRow.objects.create(
        at=now,
        answers={
            "txt": {"_dmarc.karvan.example": ["found", ["v=DMARC1; p=reject"], ""]},
            "exists": {"karvan.example": ["found", [], ""]},
            "handshake": {},
        },
    )
    assert states(ready(as_staff(admin)))["dmarc"] == "unknown"


def test_one_drill_at_a_time(admin, as_staff, jobs, django_capture_on_commit_callbacks):
    browser = as_staff(admin)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(reverse("ready_drill"))
        page = browser.post(reverse("ready_drill"), follow=True).content.decode()

    assert jobs == ["drill"] and "under way already" in page and DrillRow.objects.count() == 1


def test_a_drill_whose_worker_was_killed_does_not_block_the_next_one_for_ever(admin, jobs, now):
    left = DrillRow.objects.create(by=admin, asked_at=now, state="running")

    assert actions.ask_for_drill(by=admin, now=now + timedelta(hours=1)) is None
    assert actions.ask_for_drill(by=admin, now=now + timedelta(hours=3)) is not None
    left.refresh_from_db()
    assert (left.state, left.why) == ("failed", "it stopped before its end")


def test_a_drill_that_cannot_run_says_why(admin, now, monkeypatch):
    from amanat import drill as drilling

    row = DrillRow.objects.create(by=admin, asked_at=now)

    def refuse(*_given, **_more):
        raise drilling.NotForDrills("there is no room")

    monkeypatch.setattr(drilling, "practise", refuse)
    tasks.drill.func(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.why) == ("failed", "there is no room")


@pytest.mark.parametrize(("language", "says"), [("en", "Time to declare"), ("fr", "Temps pour déclarer"), ("fa", "زمان تا اعلام رخداد")])
def test_drills_stand_on_the_page_with_score_and_lessons_in_the_readers_language(admin, as_staff, now, language, says):
    from amanat import prepare
    from tests.prepare.test_drill import a_drill

    done = a_drill(told_at=None)
    score = prepare.score_drill(done)
    words = {tag: prepare.report_drill(done, score, "rows", language=tag) for tag in ("en", "fr", "fa")}
    DrillRow.objects.create(by=admin, asked_at=now, ended_at=now, state="done", score=prepare.report_drill(done, score, "json"), words=words)
    type(admin).objects.filter(pk=admin.pk).update(language=language)
    admin.refresh_from_db()
    page = ready(as_staff(admin)).content.decode()

    assert says in page and words[language]["lessons"][0] in page.replace("&#x27;", "'")


def test_the_sheet_of_the_invented_company_is_taken_over_as_it_is(admin, as_staff, now, tmp_path):
    from amanat import prepare

    prepare.make_company(tmp_path / "story", persons=100, seed=1, at=now)
    content, company = (tomllib.loads((tmp_path / "story" / name).read_text(encoding="utf-8")) for name in ("controls.toml", "company.toml"))
    actions.keep(content, company, by=None, now=now)

    found = states(ready(as_staff(admin)))
    assert (found["out_of_band"], found["approvers"], found["dmarc"]) == ("missing", "partly", "unknown")


@pytest.mark.story
def test_the_worker_runs_a_real_drill_keeps_its_score_and_throws_the_case_away(admin, now, monkeypatch, settings, tmp_path):
    settings.DATA = tmp_path
    monkeypatch.setattr(tasks, "N_PERSONS", 120)
    row = DrillRow.objects.create(by=admin, asked_at=now)
    tasks.drill.func(str(row.pk))
    row.refresh_from_db()

    assert (row.state, row.why) == ("done", "")
    assert row.score["persons"]["affected"] > 40 and row.score["points"] > 50
    assert set(row.words) == {"en", "fr", "fa"} and row.words["fa"]["lessons"]
    assert list((tmp_path / "drills").iterdir()) == []
