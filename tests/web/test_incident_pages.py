"""The pages of one incident: who may open each, in three languages, and what stands on them."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.lib import journal as chain
from amanat.web.respond import actions, journal

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(staff_of, now):
    """Of Alice, who leads it; Charlie may only look, Dana is counsel, and Bob works on another one."""
    alice, charlie, dana, bob = (staff_of(name) for name in ("alice", "charlie", "dana", "bob"))
    one = actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=now - timedelta(hours=1))
    actions.add_member(one, staff=charlie, role="viewer", by=alice, now=now)
    actions.add_member(one, staff=dana, role="counsel", by=alice, now=now)
    actions.declare(title="Another", kind="phishing", by=bob, now=now)
    return one


def opened(as_staff, name, url_name, incident, language="en", **given):
    """The answer that this person gets, in this language."""
    from amanat.web.accounts.models import Staff

    staff = Staff.objects.get(email=f"{name}@example.org")
    Staff.objects.filter(pk=staff.pk).update(language=language)
    return as_staff(staff).get(reverse(url_name, args=[incident.pk]), given)


def test_the_journal_is_for_lead_and_counsel_and_not_for_a_viewer_or_a_stranger(incident, as_staff):
    codes = {name: opened(as_staff, name, "journal", incident).status_code for name in ("alice", "dana", "charlie", "bob")}

    assert codes == {"alice": 200, "dana": 200, "charlie": 403, "bob": 404}


def test_the_journal_says_who_did_what_and_filters_by_act_and_person(incident, as_staff, now):
    journal.write(incident, act="run.finished", at=now)
    everything = opened(as_staff, "alice", "journal", incident).content.decode()
    filtered = opened(as_staff, "alice", "journal", incident, act="run.finished", who="amanat")

    assert "declared the incident" in everything
    assert [line["act"] for line in filtered.context["lines"]] == ["run.finished"]
    assert [line["seq"] for line in opened(as_staff, "alice", "journal", incident).context["lines"]] == [5, 4, 3, 2, 1]


def test_verifying_shows_a_whole_chain_with_its_head_and_a_broken_one_with_the_line(incident, as_staff):
    from django.db import connection

    whole = opened(as_staff, "alice", "journal", incident, verify="1").content.decode()
    head = list(journal.entries(incident.pk))[-1]["hash"]
    assert "The chain is whole." in whole and head in whole

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table respond_journalentry disable trigger append_only")
        cursor.execute("update respond_journalentry set why = 'changed' where seq = 2 and incident_id = %s", [incident.pk])
        cursor.execute("alter table respond_journalentry enable trigger append_only")
    broken = opened(as_staff, "alice", "journal", incident, verify="1").content.decode()
    assert "The chain is broken." in broken and "entry 2 was changed after it was written" in broken


def test_the_exported_journal_is_accepted_by_the_command_and_tells_of_the_export(incident, as_staff, staff_of, tmp_path):
    from amanat.web.accounts.models import Staff

    browser = as_staff(Staff.objects.get(email="alice@example.org"))
    answer = browser.post(reverse("journal_file", args=[incident.pk]))
    file = tmp_path / "journal.jsonl"
    file.write_bytes(b"".join(answer.streaming_content))

    verdict = chain.verify_file(file)
    assert (verdict.is_whole, verdict.n_entries) == (True, 5)
    assert json.loads(file.read_text().splitlines()[-1])["act"] == "journal.exported"
    assert browser.get(reverse("journal_file", args=[incident.pk])).status_code == 405
    assert as_staff(Staff.objects.get(email="charlie@example.org")).post(reverse("journal_file", args=[incident.pk])).status_code == 403


def test_a_persian_journal_reads_from_the_right_with_persian_digits(incident, as_staff):
    page = opened(as_staff, "alice", "journal", incident, language="fa").content.decode()

    assert 'dir="rtl"' in page
    assert "۱۵ اسفند ۱۴۰۴" in page  # 6 March 2026
    assert "رخداد را اعلام کرد" in page


def a_duty(name, *, state="due", due_at=None, place="FR", zone="Europe/Paris", from_at="2026-03-06T10:00:00+01:00", **more):
    why = [{"says": "personal data were affected", "outcome": True, "fact": "kinds", "got": ["email"], "cite": "Art 4(12)", "below": []}]
    duty = {"id": name, "to": "authority", "who": "CNIL", "says": "…not later than 72 hours…", "state": state, "due_at": due_at, "places": [place]}
    duty |= {"zone": zone, "from_at": from_at, "limit": "72 hours from awareness", "cite": "Art 33(1)", "source": "https://eur-lex.europa.eu/"}
    duty |= {
        "portal": "",
        "confidence": "high",
        "verified": False,
        "n_persons": 1222,
        "why": why,
        "would_change_if": ["role: not controller → not due"],
    }
    return duty | more


def assessed(incident, duties, now):
    from amanat.web.assess import actions as assess_actions

    questions = [{"fact": "key_taken", "says": "Was the key taken too?", "settles": ["us-ca.individuals"]}]
    assess_actions.take_in(incident, content={"duties": duties, "questions": questions, "assumed": []}, scope=None, now=now)


def test_the_clock_wall_is_for_every_member_and_for_nobody_else(incident, as_staff):
    codes = {name: opened(as_staff, name, "duties", incident).status_code for name in ("alice", "dana", "charlie", "bob")}

    assert codes == {"alice": 200, "dana": 200, "charlie": 200, "bob": 404}


def test_a_wall_without_an_assessment_teaches_what_will_stand_there(incident, as_staff):
    assert "Nothing has been assessed yet." in opened(as_staff, "charlie", "duties", incident).content.decode()


def test_only_missed_and_threatened_clocks_are_red(now):
    from amanat.web.assess.queries import clock_wall
    from amanat.web.assess.views import STATES

    duties = [
        a_duty("late", due_at="2026-03-06T17:59:00+01:00"),  # one minute before now, in Paris
        a_duty("near", due_at="2026-03-07T17:59:00+01:00"),
        a_duty("far", due_at="2026-03-09T10:00:00+01:00"),
        a_duty("prompt", due_at=None),
        a_duty("open question", state="undetermined"),
        a_duty("settled", due_at="2026-03-06T11:00:00+01:00"),
        a_duty("elsewhere", state="not_due"),
    ]
    wall = clock_wall(duties, {"settled": "done"}, now=now, is_rtl=False)

    states = {c.duty["id"]: c.state for _place, clocks in wall.by_place for c in clocks}
    assert states == {
        "late": "missed",
        "near": "threatened",
        "far": "open",
        "prompt": "no_instant",
        "open question": "undetermined",
        "settled": "done",
    }
    assert [c.duty["id"] for c in wall.rest] == ["elsewhere"]
    assert {name for name, (_says, colour) in STATES.items() if colour == "danger"} == {"missed", "threatened"}


def test_the_axis_of_a_persian_wall_runs_from_right_to_left(now):
    from amanat.web.assess.queries import clock_wall

    duties = [a_duty("far", due_at="2026-03-09T10:00:00+01:00")]  # 72 hours, of which eight have passed
    ((_place, (latin,)),) = clock_wall(duties, {}, now=now, is_rtl=False).by_place
    wall = clock_wall(duties, {}, now=now, is_rtl=True)
    ((_place, (persian,)),) = wall.by_place

    assert (latin.x, latin.width) == (0, 1000)
    assert (persian.x, persian.width) == (0, 1000)
    assert wall.x_now == 889  # 1000 - 1000 * 8 / 72, from the left


def test_the_wall_shows_both_zones_the_reasons_and_the_questions(incident, as_staff, now):
    from amanat.web.accounts.models import Staff

    Staff.objects.filter(email="charlie@example.org").update(time_zone="America/New_York")
    assessed(incident, [a_duty("eu-gdpr.authority", due_at="2099-03-09T10:00:00+01:00")], now)
    page = opened(as_staff, "charlie", "duties", incident).content.decode()

    assert "04:00" in page and "10:00" in page  # Paris is six hours ahead; New York keeps summer time from the second Sunday of March
    assert "personal data were affected" in page and "Art 33(1)" in page and "not checked against a source" in page
    assert "Was the key taken too?" in page


def test_a_persian_wall_has_persian_digits_and_says_the_duty_in_persian(incident, as_staff, now):
    assessed(incident, [a_duty("eu-gdpr.authority", due_at="2026-03-09T10:00:00+01:00")], now)
    page = opened(as_staff, "charlie", "duties", incident, language="fa").content.decode()

    assert 'dir="rtl"' in page
    assert "۱٬۲۲۲" in page and "اطلاع به مرجع رسمی" in page and "۱۸ اسفند ۱۴۰۴" in page


def found(incident, now):
    """Three persons: two sure (France, Germany), one to review (place unknown); one file could not be opened."""
    from amanat.terms.finding import Gap
    from amanat.web.scope import actions as scope_actions
    from amanat.web.scope.people import Person

    def person(number, state, residence, language):
        given = {"person_id": f"G-{number}", "kinds": ("email",), "n_findings": 1, "n_records": 1, "belief": 0.9, "basis": "content"}
        given |= {"minor": None, "letter_group": "", "duty_ids": (), "channel_order": (), "name": f"Sara Exampel{number}", "needs": ""}
        given |= {"emails": (f"sara{number}@example.org",), "phones": (), "address": "", "deceased": None}
        return Person(state=state, residence=residence, language=language, **given)

    persons = [person(1, "sure", "FR", "fr"), person(2, "sure", "DE", "de"), person(3, "review", None, None)]
    counts = [
        {"kind": "email", "residence": "FR", "language": "fr", "state": "sure", "n": 1},
        {"kind": "email", "residence": "DE", "language": "de", "state": "sure", "n": 1},
        {"kind": "iban", "residence": "DE", "language": "de", "state": "sure", "n": 1},
        {"kind": "email", "residence": None, "language": None, "state": "review", "n": 1},
    ]
    gaps = [Gap(path="archive/hr.zip", reason="It is encrypted.", size_bytes=3_100_000, next_step="Ask for the password.")]
    n = {"sure": 2, "review": 1, "outsider": 0, "findings": 1234}
    return scope_actions.take_in(incident, persons=persons, gaps=gaps, counts=counts, n=n, seconds=1.0, now=now)


def test_who_is_affected_is_for_every_member_and_for_nobody_else(incident, as_staff, now):
    found(incident, now)
    codes = {name: opened(as_staff, name, "affected", incident).status_code for name in ("alice", "dana", "charlie", "bob")}

    assert codes == {"alice": 200, "dana": 200, "charlie": 200, "bob": 404}


def test_before_any_reading_the_page_says_that_nobody_knows(incident, as_staff):
    assert "Nobody knows yet." in opened(as_staff, "charlie", "affected", incident).content.decode()


def test_a_failed_reading_says_what_to_mend(incident, as_staff, now):
    from amanat.web.respond.models import Run

    Run.objects.create(incident=incident, asked_at=now, state="failed", sentence="company.toml is missing")
    assert "company.toml is missing" in opened(as_staff, "charlie", "affected", incident).content.decode()


def test_persons_are_counted_by_kind_place_and_language_each_with_its_doubt(incident, as_staff, now):
    found(incident, now)
    kinds, places, languages = (chart["rows"] for chart in opened(as_staff, "charlie", "affected", incident).context["charts"])

    assert kinds == [
        ("E-mail address", {"sure": 2, "review": 1, "outsider": 0}),
        ("Bank account number (IBAN)", {"sure": 1, "review": 0, "outsider": 0}),
    ]
    assert places == [
        ("Germany", {"sure": 1, "review": 0, "outsider": 0}),
        ("France", {"sure": 1, "review": 0, "outsider": 0}),
        ("place not known", {"sure": 0, "review": 1, "outsider": 0}),
    ]
    assert [label for label, _n in languages] == ["German", "French", "language not known"]


def test_what_could_not_be_opened_stands_with_its_size_reason_and_next_step(incident, as_staff, now):
    found(incident, now)
    page = opened(as_staff, "charlie", "affected", incident).content.decode()

    assert "We could not open 1 files (3.1 MB)" in page
    assert "archive/hr.zip" in page and "It is encrypted." in page and "Ask for the password." in page


def test_the_counts_open_no_encrypted_row_and_name_nobody(incident, as_staff, now, monkeypatch):
    from amanat.web import crypto

    found(incident, now)

    def refuse(*_args, **_given):
        raise AssertionError("a key was unwrapped")

    monkeypatch.setattr(crypto, "unwrap", refuse)
    page = opened(as_staff, "alice", "affected", incident).content.decode()
    assert "Exampel" not in page and "example.org" not in page.replace("alice@example.org", "")


def test_persian_counts_have_persian_digits_and_names(incident, as_staff, now):
    found(incident, now)
    page = opened(as_staff, "charlie", "affected", incident, language="fa").content.decode()

    assert 'dir="rtl"' in page
    assert "۱٬۲۳۴" in page and "فرانسه" in page and "آلمانی" in page


FACTS = """
awareness = { value = 2026-03-05T09:30:00+01:00, status = "known", source = "Forensic report" }
acquired  = { value = true, status = "believed" }
key_taken = { status = "unknown" }
"""


@pytest.fixture
def facts(tmp_path):
    from amanat.terms.fact import read_facts

    (tmp_path / "facts.toml").write_text(FACTS)
    return read_facts(tmp_path / "facts.toml")


def test_the_facts_of_the_folder_are_noted_once_and_again_only_when_they_change(incident, facts, now):
    from dataclasses import replace

    from amanat.web.respond.queries import newest_facts

    alice = incident.declared_by
    assert actions.take_in_facts(incident, facts, by=alice, now=now) == 3
    assert actions.take_in_facts(incident, facts, by=alice, now=now) == 0
    changed = facts | {"acquired": replace(facts["acquired"], status="known")}
    assert actions.take_in_facts(incident, changed, by=alice, now=now + timedelta(hours=1)) == 1

    assert {name: row.status for name, row in newest_facts(incident).items()} == {"awareness": "known", "acquired": "known", "key_taken": "unknown"}
    lines = [line["what"] for line in journal.entries(incident.pk) if line["act"] == "facts.taken_in"]
    assert lines == [{"facts": ["acquired", "awareness", "key_taken"]}, {"facts": ["acquired"]}]


def test_where_we_stand_is_for_every_member_and_for_nobody_else(incident, as_staff):
    codes = {name: opened(as_staff, name, "incident", incident).status_code for name in ("alice", "dana", "charlie", "bob")}

    assert codes == {"alice": 200, "dana": 200, "charlie": 200, "bob": 404}


def test_a_fresh_incident_shows_its_steps_most_of_them_not_begun(incident, as_staff):
    steps = opened(as_staff, "alice", "incident", incident).context["steps_so_far"]

    assert [(s.name, s.state, s.n) for s in steps] == [
        ("incident", "waits", 0),
        ("affected", "later", None),
        ("duties", "later", None),
        ("notices", "later", None),
        ("approve", "later", None),
        ("reach", "later", None),
        ("desk", "later", None),
        ("measures", "later", None),
    ]


def test_the_chain_counts_what_is_known_found_and_due(incident, as_staff, facts, now):
    actions.take_in_facts(incident, facts, by=incident.declared_by, now=now)
    found(incident, now)
    assessed(incident, [a_duty("late", due_at="2026-03-09T10:00:00+01:00"), a_duty("open", due_at="2099-03-09T10:00:00+01:00")], now)
    steps = {s.name: s for s in opened(as_staff, "alice", "incident", incident).context["steps_so_far"]}

    assert (steps["incident"].n, steps["incident"].state) == (1, "waits")
    assert (steps["affected"].n, steps["affected"].state, steps["affected"].doubt) == (2, "waits", "to review: 1")
    assert (steps["duties"].n, steps["duties"].state, steps["duties"].doubt) == (2, "missed", "missed: 1")


def test_known_believed_and_unknown_stand_apart_and_moments_are_on_the_timeline(incident, as_staff, facts, now):
    actions.take_in_facts(incident, facts, by=incident.declared_by, now=now)
    answer = opened(as_staff, "charlie", "incident", incident)

    assert {g["status"]: [f["name"] for f in g["facts"]] for g in answer.context["facts"]} == {
        "known": ["awareness"],
        "believed": ["acquired"],
        "unknown": ["key_taken"],
    }
    # The newest first: what was written at 17:00 UTC, the declaration an hour earlier, and the moment of the day before.
    assert [e.get("name") or e["act"] for e in answer.context["timeline"]][-1] == "awareness"
    assert "Forensic report" in answer.content.decode()


def test_only_who_may_read_the_journal_is_led_to_it(incident, as_staff):
    address = reverse("journal", args=[incident.pk])
    pages = {name: opened(as_staff, name, "incident", incident).content.decode() for name in ("charlie", "alice")}

    assert address not in pages["charlie"]
    assert address in pages["alice"]


def test_a_persian_incident_has_persian_digits_dates_and_words(incident, as_staff, facts, now):
    actions.take_in_facts(incident, facts, by=incident.declared_by, now=now)
    page = opened(as_staff, "charlie", "incident", incident, language="fa").content.decode()

    assert 'dir="rtl"' in page
    assert "۱۴ اسفند ۱۴۰۴" in page and "خط زمان" in page and "واقعیت معلوم" in page


def test_sizes_are_said_in_the_unit_that_is_easy_to_say():
    from django.utils import translation

    from amanat.web.templatetags.names import size

    with translation.override("en"):
        assert [size(n) for n in (0, 999, 1142, 3_100_000, 250_000_000_000)] == ["0 bytes", "999 bytes", "1.1 kB", "3.1 MB", "250 GB"]


def test_who_may_not_read_the_journal_sees_none_of_its_lines_in_the_timeline(incident, as_staff):
    assert "declared the incident" in opened(as_staff, "alice", "incident", incident).content.decode()
    assert "declared the incident" not in opened(as_staff, "charlie", "incident", incident).content.decode()


def test_the_journal_is_narrowed_to_days_in_the_reader_s_zone(incident, as_staff, now):
    journal.write(incident, act="run.finished", at=now + timedelta(days=2))

    def shown(**days):
        return [line["act"] for line in opened(as_staff, "alice", "journal", incident, **days).context["lines"]]

    assert shown(first="2026-03-08") == ["run.finished"]
    assert "run.finished" not in shown(last="2026-03-07") and "incident.declared" in shown(last="2026-03-06")
    assert len(shown(first="no day")) == 5


def posted(as_staff, name, url_name, incident, *args, **given):
    from amanat.web.accounts.models import Staff

    return as_staff(Staff.objects.get(email=f"{name}@example.org")).post(reverse(url_name, args=[incident.pk, *args]), given)


def test_a_fact_is_corrected_on_its_page_with_status_and_source(incident, as_staff):
    from amanat.web.respond.queries import facts_that_count

    assert posted(as_staff, "charlie", "fact", incident, "acquired", status="known", value="yes").status_code == 403
    assert posted(as_staff, "alice", "fact", incident, "acquired", status="known", value="yes", source="firewall log").status_code == 302
    fact = facts_that_count(incident)["acquired"]
    assert (fact.value, fact.status, fact.source) == (True, "known", "firewall log")
    assert [line["act"] for line in journal.entries(incident.pk)][-1] == "fact.noted"

    assert posted(as_staff, "alice", "fact", incident, "acquired", status="unknown", value="yes").status_code == 302
    assert facts_that_count(incident)["acquired"].value is None
    assert posted(as_staff, "alice", "fact", incident, "acquired", status="known").status_code == 200  # nothing is said


def test_every_fact_has_a_form_that_takes_back_what_it_shows(incident, as_staff, now):
    from amanat.terms.fact import fact_types
    from amanat.web.respond.queries import facts_that_count

    examples = {"bool": True, "int": 3, "decimal": 2.5, "moment": now.isoformat(), "day": "2026-03-06", "counts": {"FR": 12000, "US-CA": 3}}
    for name, what in fact_types().items():
        value = examples.get(what.type)
        if what.type == "statement":
            value = {"en": "Words.", "fa": "متن"}
        elif what.type == "choice":
            value = what.choices[0]
        elif what.type in ("text", "list"):
            value = {"place": "FR", "kind": "email"}.get(what.of, "hotel")
            value = [value] if what.type == "list" else value
        actions.note_fact(incident, name=name, value=value, status="known", by=incident.declared_by, now=now)
        before = facts_that_count(incident)[name]
        form = as_staff(incident.declared_by).get(reverse("fact", args=[incident.pk, name])).context["form"]
        given = {field.name: field.value() for field in form if field.value() is not None}
        given = {key: v.strftime("%Y-%m-%dT%H:%M") if hasattr(v, "strftime") and what.type == "moment" else v for key, v in given.items()}
        assert posted(as_staff, "alice", "fact", incident, name, **given).status_code == 302, name
        assert facts_that_count(incident)[name].value == before.value, name


def test_tasks_and_decisions_are_kept_and_noted(incident, as_staff, now):
    from amanat.web.respond.models import Decision, Task

    bob_works_elsewhere = posted(as_staff, "alice", "add_task", incident, what="Call the bank", owner=str(incident.pk))
    assert bob_works_elsewhere.status_code == 200 and not Task.objects.exists()
    posted(as_staff, "alice", "add_task", incident, what="Call the bank", owner=str(incident.declared_by_id), due_at="2026-03-07T09:00")
    task = Task.objects.get()
    assert "Call the bank" in opened(as_staff, "charlie", "incident", incident).content.decode()
    posted(as_staff, "alice", "finish_task", incident, str(task.pk))
    posted(as_staff, "alice", "add_decision", incident, what="We pay no ransom", why="It finances the next one.")

    task.refresh_from_db()
    assert (task.done_by, Decision.objects.get().why) == (incident.declared_by, "It finances the next one.")
    lines = list(journal.entries(incident.pk))[-3:]
    assert [line["act"] for line in lines] == ["task.added", "task.done", "decision.noted"]
    assert "ransom" not in str(lines)


def test_a_duty_gets_an_owner_whom_every_page_names_until_it_is_done(incident, as_staff, now):
    from django.utils import timezone

    due = timezone.now() + timedelta(hours=5)
    assessed(incident, [a_duty("eu-gdpr.authority", due_at=due.isoformat()), a_duty("later", due_at=(due + timedelta(days=1)).isoformat())], now)
    assert posted(as_staff, "charlie", "decide_duty", incident, duty="eu-gdpr.authority", decision="done").status_code == 403
    posted(as_staff, "dana", "decide_duty", incident, duty="eu-gdpr.authority", decision="owned", owner=str(incident.declared_by_id))
    for page in ("incident", "affected", "duties", "updates"):
        assert opened(as_staff, "charlie", page, incident).context["time_band"].owner == "Alice", page

    posted(as_staff, "dana", "decide_duty", incident, duty="eu-gdpr.authority", decision="not_required", why="")
    assert opened(as_staff, "alice", "incident", incident).context["time_band"].at == due  # no reason, no decision
    posted(as_staff, "dana", "decide_duty", incident, duty="eu-gdpr.authority", decision="not_required", why="no personal data")
    assert opened(as_staff, "alice", "incident", incident).context["time_band"].at == due + timedelta(days=1)
    posted(as_staff, "dana", "decide_duty", incident, duty="eu-gdpr.authority", decision="reopened")
    assert opened(as_staff, "alice", "incident", incident).context["time_band"].at == due


def test_letters_that_were_set_are_erased_with_the_persons(incident, now, settings):
    letter = settings.DATA / "cases" / str(incident.pk) / "letters" / "eu-gdpr.en.1.pdf"
    letter.parent.mkdir(parents=True)
    letter.write_bytes(b"%PDF")

    actions.erase_people(incident, by=incident.declared_by, now=now, why="retention ended")

    assert not letter.exists()


def test_pages_of_an_incident_whose_persons_were_erased_say_so(incident, as_staff, now):
    from amanat.web.scope import people
    from tests.web.test_people import a_person

    people.load(incident, [a_person(1), a_person(2, state="review")])
    row = people.find(incident, person_id="G-2")
    actions.erase_people(incident, by=incident.declared_by, now=now, why="retention ended")

    for page in ("incident", "affected", "duties", "journal", "updates"):
        assert opened(as_staff, "alice", page, incident).status_code == 200, page
    answer = opened(as_staff, "alice", "review", incident)
    assert answer.status_code == 410 and "Erased on" in answer.content.decode()
    for answer in (
        posted(as_staff, "alice", "review", incident, person=str(row.pk), decision="confirmed"),
        posted(as_staff, "alice", "find_person", incident, asked="G-1"),
        posted(as_staff, "alice", "run", incident),
    ):
        assert answer.status_code == 410


def test_the_lead_moves_the_incident_to_another_phase_and_the_journal_says_so(incident, as_staff):
    from amanat.web.accounts.models import Staff

    def move(name, phase):
        browser = as_staff(Staff.objects.get(email=f"{name}@example.org"))
        return browser.post(reverse("move_phase", args=[incident.pk]), {"phase": phase}).status_code

    assert {name: move(name, "containment") for name in ("charlie", "dana", "bob")} == {"charlie": 403, "dana": 403, "bob": 404}
    assert (move("alice", "containment"), move("alice", "nowhere")) == (302, 404)
    incident.refresh_from_db()
    assert incident.phase == "containment"
    last = list(journal.entries(incident.pk))[-1]
    assert (last["act"], last["what"]) == ("phase.moved", {"from": "identification", "to": "containment"})
    assert "Containment" in opened(as_staff, "alice", "incident", incident).content.decode()


def test_an_incident_with_an_open_deadline_is_not_closed(incident, as_staff, now):
    from amanat.web.accounts.models import Staff

    browser = as_staff(Staff.objects.get(email="alice@example.org"))
    type(incident).objects.filter(pk=incident.pk).update(next_deadline_at=now)
    page = browser.post(reverse("move_phase", args=[incident.pk]), {"phase": "closed"}, follow=True).content.decode()
    incident.refresh_from_db()
    assert incident.phase == "identification" and "A deadline is still open." in page

    type(incident).objects.filter(pk=incident.pk).update(next_deadline_at=None)
    browser.post(reverse("move_phase", args=[incident.pk]), {"phase": "closed"})
    assert "Closed incidents" in browser.get(reverse("overview")).content.decode()


def test_the_same_act_many_times_within_minutes_is_one_line_of_the_timeline(incident, as_staff, now):
    for n in range(4):
        journal.write(incident, act="person.opened", at=now + timedelta(seconds=n))
    journal.write(incident, act="run.finished", at=now + timedelta(seconds=9))
    journal.write(incident, act="person.opened", at=now + timedelta(minutes=9))

    events = opened(as_staff, "alice", "incident", incident).context["timeline"]
    assert [(e["act"], e["times"]) for e in events[:3]] == [("person.opened", 1), ("run.finished", 1), ("person.opened", 4)]
