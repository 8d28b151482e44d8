"""A sample is drawn, checked by one or two persons, and says how wrong the list may be; nothing of a person stands in the clear."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from amanat.web import wishes
from amanat.web.accounts.models import Staff
from amanat.web.respond import actions, journal
from amanat.web.scope import actions as scope_actions
from amanat.web.scope import audited, auditing, tasks
from amanat.web.scope.models import Audit, AuditAnswer, AuditItem
from tests.respond.test_respond import COMPANY

from .test_people import a_person

pytestmark = pytest.mark.django_db

# Two items of each question; of the three who are sure two were drawn.
DRAWN = {
    "seed": 7,
    "n_all": {"linked": 3, "found": 0, "empty": 40, "by key": 3, "by name": 0},
    "n_drawn": {"linked": 1, "empty": 1, "by key": 2},
    "n_unplaced": 0,
    "items": {"A0001": ["link", "by key"], "A0002": ["missed", "empty"], "A0003": ["link", "by key"], "A0004": ["missed", "linked"]},
    "gaps": {"n": 1, "size_bytes": 700, "n_without_size": 0, "persons": 2, "new_persons": 1, "assumption": "…"},
}


def an_item(number, ask):
    return {
        "item": f"A{number:04}",
        "shown": "name: S••• C••••• | mail: ‹email s••••@e••••••.o••›",
        "person": f"G-{number}" if ask == "link" else "",
        "register": "name: S••• C••••• | email: s••••@e••••••.o••" if ask == "link" else "",
        "same": ["email"] if ask == "link" else [],
        "named": [f"G-{number}"],
        "path": "lists/guests.csv",
        "place": "",
        "record": number,
        "part": 0,
    }


@pytest.fixture
def incident(staff_of, now, tmp_path):
    """Of Alice, who leads it; Erik is data-protection officer, Charlie may only look, Dana answers persons."""
    (tmp_path / "files" / "lists").mkdir(parents=True)
    rows = "".join(f"Sara Canari,sara{n}@example.org\n" for n in range(5))
    (tmp_path / "files" / "lists" / "guests.csv").write_text("name,email\n" + rows)
    (tmp_path / "register.csv").write_text("person_id,name,email\n" + "".join(f"G-{n},Sara Canari,sara{n}@example.org\n" for n in range(5)))
    (tmp_path / "company.toml").write_text(COMPANY, encoding="utf-8")
    alice, erik, charlie, dana = (staff_of(name) for name in ("alice", "erik", "charlie", "dana"))
    one = actions.declare(title="Practice", kind="data_breach", by=alice, now=now, folder=str(tmp_path))
    for staff, role in ((erik, "dpo"), (charlie, "viewer"), (dana, "support")):
        actions.add_member(one, staff=staff, role=role, by=alice, now=now)
    counts = [{"kind": "email", "residence": "FR", "language": "fr", "state": "sure", "n": 5}]
    scope_actions.take_in(one, persons=[a_person(n) for n in range(1, 5)], gaps=[], counts=counts, n={"sure": 5}, seconds=1, now=now)
    return one


@pytest.fixture
def audit(incident, now, tmp_path):
    """A sample of four items, as the worker takes it in."""
    audit = auditing.ask(incident, n=100, by=incident.declared_by, now=now)
    folder = tmp_path / "drawn"
    folder.mkdir()
    (folder / "draw.json").write_text(json.dumps(DRAWN))
    (folder / "items.json").write_text(json.dumps([an_item(n, DRAWN["items"][f"A{n:04}"][0]) for n in range(1, 5)]))
    auditing.take_in(audit, folder, now=now)
    return Audit.objects.get(pk=audit.pk)


def browser_of(as_staff, name):
    return as_staff(Staff.objects.get(email=f"{name}@example.org"))


def say(browser, incident, audit, number, word, **more):
    return browser.post(reverse("audit_item", args=[incident.pk, audit.pk, number]), {"word": word, **more})


def acts(incident):
    return [(entry["act"], entry["what"]) for entry in journal.entries(incident.pk) if entry["act"].startswith(("audit", "record"))]


def test_a_checker_goes_from_item_to_item_and_on_where_they_stopped(incident, audit, as_staff):
    alice = browser_of(as_staff, "alice")
    following = reverse("audit_next", args=[incident.pk, audit.pk])
    assert alice.get(following).url == reverse("audit_item", args=[incident.pk, audit.pk, 1])
    assert say(alice, incident, audit, 1, "yes").url == reverse("audit_item", args=[incident.pk, audit.pk, 2])
    assert alice.get(following).url == reverse("audit_item", args=[incident.pk, audit.pk, 2])
    assert browser_of(as_staff, "erik").get(following).url == reverse("audit_item", args=[incident.pk, audit.pk, 1])
    page = alice.get(reverse("audit_item", args=[incident.pk, audit.pk, 2])).content.decode()
    assert "Is somebody here whom nothing marks?" in page and "S••• C•••••" in page and "sara2@example.org" not in page


def test_with_everything_checked_the_page_says_both_numbers_in_words(incident, audit, as_staff):
    alice = browser_of(as_staff, "alice")
    for number, word, more in ((1, "yes", {}), (2, "yes", {"n": "3"}), (3, "no", {}), (4, "no", {})):
        say(alice, incident, audit, number, word, **more)
    checked = audited.checked(audit)
    # Of three links two were checked, and one was wrong: Clopper and Pearson, one bad of two, 1 - sqrt(.05) = .9747, of three.
    assert round(checked.shows["wrong_links_upper"], 2) == round(3 * 0.95**0.5, 2) == 2.92
    assert checked.shows["persons_per_passage"] == 3 and checked.is_whole
    page = browser_of(as_staff, "charlie").get(reverse("audit", args=[incident.pk])).content.decode()
    assert "Of the 3 persons whom we count as sure because of what stands in the files, at most 3 are somebody else." in page
    assert "Of the 43 passages that were read, at most 43 hold a person whom nobody has named." in page
    assert "if no passage lacks more of them than one did in the sample (3)" in page
    assert "Files that could not be read: 1" in page and "All 4 items of the sample are checked." in page


def test_two_checkers_answer_blindly_and_what_they_disagree_on_counts_as_a_mistake_until_one_thinks_again(incident, audit, as_staff):
    alice, erik = browser_of(as_staff, "alice"), browser_of(as_staff, "erik")
    for number, word in ((1, "yes"), (2, "no"), (3, "yes"), (4, "no")):
        say(alice, incident, audit, number, word)
    page = erik.get(reverse("audit_item", args=[incident.pk, audit.pk, 1])).content.decode()
    assert 'aria-pressed="true"' not in page
    say(erik, incident, audit, 1, "no")
    say(erik, incident, audit, 2, "no")
    checked = audited.checked(audit)
    assert (checked.n_twice, checked.disagreed, checked.share_agreed) == (2, (1,), 0.5)
    assert {one["name"]: one["n_bad"] for one in checked.shows["strata"]} == {"linked": 0, "empty": 0, "by key": 1}
    assert "They say the same of 50" in erik.get(reverse("audit", args=[incident.pk])).content.decode()
    say(erik, incident, audit, 1, "yes")
    checked = audited.checked(audit)
    assert checked.disagreed == () and AuditAnswer.objects.filter(item__audit=audit).count() == 6
    assert {one["name"]: one["n_bad"] for one in checked.shows["strata"]} == {"linked": 0, "empty": 0, "by key": 0}


def test_who_is_not_sure_counts_against_us(incident, audit, as_staff):
    say(browser_of(as_staff, "alice"), incident, audit, 1, "?")
    assert {"name": "by key", "n_all": 3, "n_checked": 1, "n_bad": 1} in audited.checked(audit).shows["strata"]


@pytest.mark.parametrize(("number", "word", "more"), [(1, "2", {}), (1, "", {}), (2, "yes", {"n": "-1"}), (2, "yes", {"n": "100"}), (2, "maybe", {})])
def test_what_is_no_answer_is_said_and_not_kept(incident, audit, as_staff, number, word, more):
    answer = say(browser_of(as_staff, "alice"), incident, audit, number, word, **more)
    assert answer.status_code == 400 and "That is no answer to this question." in answer.content.decode()
    assert not AuditAnswer.objects.exists()


def test_values_are_shown_once_for_a_reason_that_stands_in_the_journal_and_is_offered_again(incident, audit, as_staff):
    alice = browser_of(as_staff, "alice")
    address = reverse("audit_values", args=[incident.pk, audit.pk, 1])
    assert "sara1@example.org" not in alice.get(address).content.decode()
    assert alice.post(address, {"why": " "}).status_code == 400
    answer = alice.post(address, {"why": "Sample of November"})
    page = answer.content.decode()
    assert page.count("sara1@example.org") == 2  # in the record, and in the register
    assert "sara2@example.org" not in page and answer["Cache-Control"] == "no-store"
    assert acts(incident)[-1] == ("record.revealed", {"audit": str(audit.pk), "item": 1})
    assert "Sample of November" in alice.get(reverse("audit_values", args=[incident.pk, audit.pk, 2])).content.decode()


def test_who_may_do_what_with_a_sample(incident, audit, as_staff, staff_of):
    staff_of("bob")
    of_item = {name: reverse(name, args=[incident.pk, audit.pk, 1]) for name in ("audit_item", "audit_values")}
    asked = {
        "see": lambda who: who.get(reverse("audit", args=[incident.pk])).status_code,
        "draw": lambda who: who.post(reverse("draw_audit", args=[incident.pk]), {"n": "100"}).status_code,
        "item": lambda who: who.get(of_item["audit_item"]).status_code,
        "answer": lambda who: who.post(of_item["audit_item"], {"word": "yes"}).status_code,
        "values": lambda who: who.post(of_item["audit_values"], {"why": "x"}).status_code,
    }
    given = {name: {what: ask(browser_of(as_staff, name)) for what, ask in asked.items()} for name in ("charlie", "dana", "bob")}
    only_see = {"see": 200, "draw": 403, "item": 403, "answer": 403, "values": 403}
    assert given == {"charlie": only_see, "dana": only_see, "bob": dict.fromkeys(asked, 404)}


def test_a_sample_of_another_incident_is_not_there(incident, audit, as_staff, now):
    other = actions.declare(title="Other", kind="data_breach", by=incident.declared_by, now=now)
    alice = browser_of(as_staff, "alice")
    for name, more in (("audit_of", []), ("audit_next", []), ("audit_item", [1]), ("audit_values", [1])):
        assert alice.get(reverse(name, args=[other.pk, audit.pk, *more])).status_code == 404, name
    assert alice.get(reverse("audit_item", args=[incident.pk, audit.pk, 5])).status_code == 404


def test_nothing_of_a_person_stands_in_the_clear_or_in_the_journal(incident, audit, as_staff):
    say(browser_of(as_staff, "alice"), incident, audit, 1, "yes")
    assert acts(incident)[-3:] == [
        ("audit.asked", {"audit": str(audit.pk), "n": 100, "seed": audit.seed}),
        ("audit.drawn", {"audit": str(audit.pk), "n": 4, "seed": audit.seed}),
        ("audit.answered", {"audit": str(audit.pk), "item": 1, "answer": "yes"}),
    ]
    for item in AuditItem.objects.filter(audit=audit):
        assert b"guests" not in bytes(item.secret) and b"G-1" not in bytes(item.secret)
    assert "guests" not in json.dumps(audit.drawn)


def test_after_erasure_the_result_stays_and_no_item_can_be_opened(incident, audit, as_staff, now):
    alice = browser_of(as_staff, "alice")
    say(alice, incident, audit, 1, "yes")
    actions.erase_people(incident, by=incident.declared_by, now=now, why="over")
    assert alice.get(reverse("audit_item", args=[incident.pk, audit.pk, 2])).status_code == 410
    assert say(alice, incident, audit, 2, "no").status_code == 410
    assert alice.post(reverse("draw_audit", args=[incident.pk]), {"n": "100"}).status_code == 410
    assert "at most" in alice.get(reverse("audit", args=[incident.pk])).content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_worker_reads_the_files_draws_and_leaves_nothing_behind(incident, now):
    audit = auditing.ask(incident, n=100, by=incident.declared_by, now=now)
    assert auditing.ask(incident, n=400, by=incident.declared_by, now=now).pk == audit.pk  # one at a time
    tasks.draw_audit.func(None, str(audit.pk))
    audit.refresh_from_db()
    assert (audit.state, audit.sentence) == ("done", "")
    # Five rows, each of a person who is recognised by their e-mail address.
    assert audit.drawn["n_all"]["by key"] == 5 and audit.drawn["n_all"]["linked"] == 5
    told = [auditing.told(incident, item) for item in AuditItem.objects.filter(audit=audit).order_by("number")]
    assert len(told) == 10 and {one["path"] for one in told} == {"lists/guests.csv"}
    assert "sara1@" not in json.dumps(told) and {one["person"] for one in told} == {"", *(f"G-{n}" for n in range(5))}
    assert [path.name for path in (Path(settings.DATA) / "cases" / str(incident.pk)).rglob("*")] == []


@pytest.mark.django_db(transaction=True)
def test_files_that_are_gone_are_said(incident, now, tmp_path):
    (tmp_path / "files" / "lists" / "guests.csv").unlink()
    audit = auditing.ask(incident, n=100, by=incident.declared_by, now=now)
    tasks.draw_audit.func(None, str(audit.pk))
    audit.refresh_from_db()
    assert audit.state == "failed" and "is empty; put the stolen files there" in audit.sentence


def test_a_sample_whose_worker_died_is_taken_up_again_and_given_up_after_three_times(incident, now, monkeypatch):
    audit = auditing.ask(incident, n=100, by=incident.declared_by, now=now)
    Audit.objects.filter(pk=audit.pk).update(n_attempts=wishes.ATTEMPTS_MAX)
    tasks.draw_audit.func(None, str(audit.pk))
    audit.refresh_from_db()
    assert (audit.state, audit.sentence) == ("failed", wishes.GIVEN_UP)
    assert acts(incident)[-1][0] == "audit.failed"
