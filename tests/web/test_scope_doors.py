"""Every address of scope, for every role, by GET and by POST: who gets in, who is refused, and who does not learn that it exists."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from amanat.web.accounts.permissions import ROLES
from amanat.web.respond import actions, journal
from amanat.web.scope import actions as scope_actions
from amanat.web.scope import auditing, people, urls

from .test_people import a_person

pytestmark = pytest.mark.django_db

PLACES = ({"path": "lists/guests.csv", "place": "", "record": 1, "same": ["email"], "other": []},)
ALL, TWO, THREE = frozenset(ROLES), frozenset({"lead", "dpo"}), frozenset({"lead", "dpo", "support"})
# By name of the address: who may GET it, who may POST to it, and what is posted. Nobody: the page takes no such request.
TABLE = {
    "affected": (ALL, frozenset(), {}),
    "find_person": (frozenset(), THREE, {"asked": "G-1"}),
    "reading": (ALL, frozenset(), {}),
    "export_people": (TWO, TWO, {"form": "csv", "why": "printer"}),
    "person": (THREE, frozenset(), {}),
    "reveal": (TWO, TWO, {"why": "two look alike"}),
    "register": (TWO, TWO, {}),
    "review": (TWO, TWO, {"decision": "later"}),
    "audit": (ALL, frozenset(), {}),
    "draw_audit": (frozenset(), TWO, {"n": "100"}),
    "audit_drawing": (ALL, frozenset(), {}),
    "audit_of": (ALL, frozenset(), {}),
    "audit_next": (TWO, frozenset(), {}),
    "audit_item": (TWO, TWO, {"word": "yes"}),
    "audit_values": (TWO, TWO, {"why": "sample"}),
}
DRAWN = {"n_all": {"by key": 1}, "n_drawn": {"by key": 1}, "n_unplaced": 0, "items": {"A0001": ["link", "by key"]}, "gaps": {"n": 0}}
ITEM = {"item": "A0001", "shown": "mail: ‹email s••••@e••••••.o••›", "person": "G-1", "register": "", "same": ["email"], "named": ["G-1"]}


def an_incident(by, now, folder):
    (folder / "files" / "lists").mkdir(parents=True)
    (folder / "files" / "lists" / "guests.csv").write_text("name,email\nMarc Petit,marc@example.org\nSara Canari,sara1@example.org\n")
    (folder / "register.csv").write_text("person_id,name,email\nG-1,Sara Canari,sara1@example.org\n")
    one = actions.declare(title="Practice", kind="data_breach", by=by, now=now, folder=str(folder))
    given = [a_person(1, places=PLACES), a_person(2, state="review", belief=0.5, places=PLACES)]
    scope_actions.take_in(one, persons=given, gaps=[], counts=[], n={"sure": 1, "review": 1}, seconds=1, now=now)
    audit = auditing.ask(one, n=100, by=by, now=now)
    (folder / "draw.json").write_text(json.dumps(DRAWN))
    (folder / "items.json").write_text(json.dumps([ITEM | {"path": "lists/guests.csv", "place": "", "record": 1, "part": 0}]))
    auditing.take_in(audit, folder, now=now)
    return one


def address(name, incident, of):
    """The address with what it takes, all of it of the incident `of`, below the address of `incident`."""
    audit = auditing.Audit.objects.get(incident=of, state="done")
    more = {"audit_id": audit.pk, "person_id": people.find(of, person_id="G-1").pk, "number": 1}
    (pattern,) = (one for one in urls.urlpatterns if one.name == name)
    return reverse(name, kwargs={"incident_id": incident.pk} | {key: more[key] for key in pattern.pattern.converters if key != "incident_id"})


def is_let_in(answer):
    """Neither sent away nor refused; a page that takes no such request has nothing to let in to."""
    return answer.status_code not in (401, 403, 404, 405) and not (answer.status_code == 302 and answer.url.startswith("/login/"))


@pytest.fixture
def quick(monkeypatch):
    """Records are not read anew: that has tests of its own, and who gets there is what is asked here."""
    from amanat.web.scope import registering, revealing

    monkeypatch.setattr(revealing, "ask_amanat", lambda *_given, **_more: (0, {"shown": "SECRET ‹email sara1@example.org›"}))
    monkeypatch.setattr(registering, "ask_amanat", lambda *_given, **_more: (2, {"error": "not asked here"}))


def test_the_table_names_every_address_of_scope():
    assert {pattern.name for pattern in urls.urlpatterns} == set(TABLE)


def test_every_role_gets_where_the_table_says_and_nowhere_else(staff_of, as_staff, now, tmp_path, quick):
    incident = an_incident(staff_of("owner"), now, tmp_path)
    found = {name: (set(), set()) for name in TABLE}
    for role in ROLES:
        staff = staff_of(f"a-{role}")
        actions.add_member(incident, staff=staff, role=role, by=incident.declared_by, now=now)
        browser = as_staff(staff)
        waits = str(people.find(incident, person_id="G-2").pk)
        for name, (_get, _post, given) in TABLE.items():
            where = address(name, incident, incident)
            if is_let_in(browser.get(where)):
                found[name][0].add(role)
            if is_let_in(browser.post(where, given | ({"person": waits} if name == "review" else {}))):
                found[name][1].add(role)

    assert found == {name: (set(get), set(post)) for name, (get, post, _given) in TABLE.items()}


def test_who_is_no_member_learns_of_nothing_and_a_stranger_is_sent_to_the_log_in(staff_of, as_staff, now, tmp_path, quick):
    incident = an_incident(staff_of("owner"), now, tmp_path)
    for browser in (as_staff(staff_of("bob")), as_staff(staff_of("root", is_administrator=True))):
        for name, (_get, _post, given) in TABLE.items():
            where = address(name, incident, incident)
            assert {browser.get(where).status_code, browser.post(where, given).status_code} <= {404, 405}, name
    for name, (_get, _post, given) in TABLE.items():
        where = address(name, incident, incident)
        assert [answer.url.startswith("/login/") for answer in (Client().get(where), Client().post(where, given))] == [True, True], name
    assert {entry["act"] for entry in journal.entries(incident.pk)} <= {"incident.declared", "member.added", "audit.asked", "audit.drawn"}


def test_what_belongs_to_one_incident_is_not_reached_through_another_that_one_leads(staff_of, as_staff, now, tmp_path, quick):
    (tmp_path / "theirs").mkdir(), (tmp_path / "mine").mkdir()
    theirs, bob = an_incident(staff_of("owner"), now, tmp_path / "theirs"), staff_of("bob")
    mine = an_incident(bob, now, tmp_path / "mine")
    browser = as_staff(bob)
    before = len(list(journal.entries(theirs.pk)))
    for name in ("person", "reveal", "audit_of", "audit_next", "audit_item", "audit_values"):
        where = address(name, mine, theirs)
        for answer in (browser.get(where), browser.post(where, TABLE[name][2])):
            assert answer.status_code in (404, 405) and "SECRET" not in answer.content.decode(), name
    theirs_waits = people.find(theirs, person_id="G-2")
    browser.post(reverse("review", args=[mine.pk]), {"person": str(theirs_waits.pk), "decision": "confirmed"})
    theirs_waits.refresh_from_db()
    assert theirs_waits.state == "review" and len(list(journal.entries(theirs.pk))) == before


@pytest.mark.parametrize("name", ["reveal", "audit_values", "export_people"])
def test_without_a_reason_no_value_and_no_list_leaves(staff_of, as_staff, now, tmp_path, quick, name):
    incident = an_incident(staff_of("owner"), now, tmp_path)
    browser = as_staff(incident.declared_by)
    for given in ({}, {"why": ""}, {"why": " \n\t "}):
        answer = browser.post(address(name, incident, incident), given | {"form": "csv"})
        page = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 400 and b"sara1@" not in page and b"SECRET" not in page
    assert not {"record.revealed", "people.exported"} & {entry["act"] for entry in journal.entries(incident.pk)}
    answer = browser.post(address(name, incident, incident), {"why": "counsel asked", "form": "csv"})
    page = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200 and b"sara1@" in page
    assert list(journal.entries(incident.pk))[-1]["why"] == "counsel asked"
