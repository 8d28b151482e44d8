"""Duties on the screens: one wall over all incidents, one duty's reasons, questions answered in place, decisions, past moments, laws, the map."""

import json
from datetime import datetime, timedelta, timezone
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone as zones

from amanat.web.accounts.models import Staff
from amanat.web.assess import actions as assess_actions
from amanat.web.assess import queries
from amanat.web.assess.models import AssessmentRow, DutyDecision
from amanat.web.respond import actions, journal
from amanat.web.respond.queries import newest_facts

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    """Yesterday at noon, so that nothing noted in a test lies ahead."""
    return (zones.now() - timedelta(days=1)).replace(hour=12, minute=0, second=0, microsecond=0)


def group(residence, n, **more):
    return {"residence": residence, "kinds": ["email"], "minor": None, "state": "sure", "basis": "content", "n": n} | more


@pytest.fixture
def incident(staff_of, now):
    """A French company, aware since yesterday noon, of 1,200 persons in France. Alice leads, Charlie looks on, Bob works elsewhere."""
    alice, charlie, bob = staff_of("alice"), staff_of("charlie"), staff_of("bob")
    one = actions.declare(title="Guest database on sale", kind="data_breach", by=alice, now=now)
    actions.add_member(one, staff=charlie, role="viewer", by=alice, now=now)
    actions.declare(title="Another", kind="phishing", by=bob, now=now)
    for name, value in {"awareness": now.isoformat(), "role": "controller", "main_establishment": "FR", "establishments": ["FR"]}.items():
        actions.note_fact(one, name=name, value=value, status="known", by=alice, now=now)
    assess_actions.take_in(one, content={"duties": [], "questions": [], "assumed": []}, scope=None, now=now, counted=[group("FR", 1200)])
    again(one)
    return one


def again(incident):
    """Judged anew, a second after the last time."""
    at = queries.newest(incident).at + timedelta(seconds=1)
    return assess_actions.assess_again(incident, by=incident.declared_by, now=at)


def opened(as_staff, name, address, language="en"):
    staff = Staff.objects.get(email=f"{name}@example.org")
    Staff.objects.filter(pk=staff.pk).update(language=language)
    return as_staff(staff).get(address)


def posted(as_staff, name, address, **given):
    return as_staff(Staff.objects.get(email=f"{name}@example.org")).post(address, given)


def duty_of(incident, name):
    return next(duty for duty in queries.newest(incident).content["duties"] if duty["id"] == name)


def note(incident, name, value, at, **more):
    return actions.note_fact(incident, name=name, value=value, status="known", by=incident.declared_by, now=at, **more)


# ---- the wall over all incidents ----


def test_the_wall_shows_the_duties_of_ones_own_incidents_and_of_no_other(incident, as_staff):
    alice = opened(as_staff, "alice", reverse("deadlines"))
    bob = opened(as_staff, "bob", reverse("deadlines"))

    rows = {row.duty["id"]: row for row in alice.context["rows"]}
    assert (rows["eu-gdpr.authority"].state, rows["eu-gdpr.individuals"].state) == ("open", "undetermined")
    assert "Guest database on sale" in alice.content.decode() and "Guest database on sale" not in bob.content.decode()


def test_what_is_missing_stands_beside_each_duty(incident, as_staff, now):
    note(incident, "risk", "high", now)
    again(incident)
    rows = {row.duty["id"]: row for row in opened(as_staff, "alice", reverse("deadlines")).context["rows"]}

    assert rows["eu-gdpr.authority"].missing == ("form not sent",)
    assert rows["eu-gdpr.individuals"].missing[-1] == "no text yet"
    assert rows["eu-gdpr.authority"].due_at == now + timedelta(hours=72)


def test_a_form_that_was_handed_in_is_not_missing_and_its_duty_waits_to_be_noted(incident, as_staff, now):
    from amanat import notify
    from amanat.web.notify.forms_models import SubmissionRow

    note(incident, "risk", "high", now)
    again(incident)
    form, phase = next((f, p) for f in notify.all_forms().values() for p in f.phase if "eu-gdpr.authority" in p.duties)
    alice = incident.declared_by
    given = {"form": form.id, "phase": phase.id, "version": 1, "language": "en", "document": {}, "submitted_at": now, "by": alice, "at": now}
    SubmissionRow.objects.create(incident=incident, **given)
    rows = {row.duty["id"]: row for row in opened(as_staff, "alice", reverse("deadlines")).context["rows"]}

    assert rows["eu-gdpr.authority"].missing == ("form handed in, not noted as done",)


def test_the_wall_narrows_by_owner_law_and_state(incident, as_staff, now):
    note(incident, "risk", "high", now)
    again(incident)
    alice = incident.declared_by
    assess_actions.decide(incident, "eu-gdpr.authority", decision="owned", why="", owner=alice, by=alice, now=now)

    def shown(**given):
        rows = opened(as_staff, "alice", f"{reverse('deadlines')}?{urlencode(given)}").context["rows"]
        return {row.duty["id"] for row in rows}

    assert shown(owner="Alice") == {"eu-gdpr.authority"}
    assert "eu-gdpr.authority" not in shown(owner="nobody") and "eu-gdpr.individuals" in shown(owner="nobody")
    assert {name.partition(".")[0] for name in shown(law="eu-gdpr")} == {"eu-gdpr"}
    assert "eu-gdpr.authority" in shown(state="open")
    assert shown(owner="Alice", law="us-ca") == set()


def test_an_empty_wall_teaches_what_will_stand_there(staff_of, as_staff):
    staff_of("eve")
    assert "No duty is open." in opened(as_staff, "eve", reverse("deadlines")).content.decode()


def test_a_duty_is_handed_over_from_the_wall(incident, as_staff):
    alice = incident.declared_by
    address = reverse("decide_duty", args=[incident.pk])
    answer = posted(as_staff, "alice", address, duty="eu-gdpr.authority", decision="owned", owner=str(alice.pk), back="deadlines")

    assert answer.url == reverse("deadlines")
    assert queries.owners(incident) == {"eu-gdpr.authority": "Alice"}
    assert posted(as_staff, "charlie", address, duty="eu-gdpr.authority", decision="done").status_code == 403


def test_what_was_judged_last_counts_even_when_a_clock_ran_behind(incident, now):
    """A reading that began before somebody judged the facts, and was taken in after, is the newer one."""
    content = {"duties": [], "questions": [], "assumed": []}
    assess_actions.take_in(incident, content=content | {"assumed": ["later"]}, scope=None, now=now - timedelta(hours=1), counted=[group("FR", 5)])

    assert queries.newest(incident).content["assumed"] == ["later"]


# ---- one duty ----


def test_a_duty_shows_question_value_since_when_and_who_said_it(incident, as_staff, now):
    note(incident, "risk", "high", now, source="Forensic report")
    again(incident)
    page = opened(as_staff, "charlie", reverse("duty", args=[incident.pk, "eu-gdpr.authority"])).content.decode()

    assert "How high is the risk" in page or "risk" in page
    assert "Forensic report" in page and "Alice" in page and "a high risk" in page
    assert "Art 33(1)" in page and "https://eur-lex.europa.eu/eli/reg/2016/679/oj" in page
    assert "25 May 2018" in page  # since when this version of the rule holds
    assert opened(as_staff, "bob", reverse("duty", args=[incident.pk, "eu-gdpr.authority"])).status_code == 404
    assert opened(as_staff, "alice", reverse("duty", args=[incident.pk, "eu-gdpr.nonsense"])).status_code == 404


@pytest.mark.parametrize("language", ["fr", "fa"])
def test_the_pages_stand_in_french_and_persian(incident, as_staff, language):
    addresses = [reverse("deadlines"), reverse("laws") + "?q=gdpr", reverse("law_watch"), reverse("calendar_keys")]
    addresses += [reverse(name, args=[incident.pk]) for name in ("duties", "questions", "decided_duties", "world")]
    addresses.append(reverse("duty", args=[incident.pk, "eu-gdpr.authority"]))
    for address in addresses:
        page = opened(as_staff, "alice", address, language=language)
        assert page.status_code == 200, address
        assert f'lang="{language}"' in page.content.decode()[:200], address


# ---- questions ----


def test_the_question_that_settles_most_stands_first_with_its_deadlines(incident, as_staff, now):
    page = opened(as_staff, "alice", reverse("questions", args=[incident.pk]))
    asked = page.context["questions"]

    numbers = [len(one.duties) for one in asked]
    assert numbers == sorted(numbers, reverse=True)
    assert "eu-gdpr.individuals" in {duty["id"] for one in asked if one.fact == "risk" for duty in one.duties}
    assert "Note it and judge anew" in page.content.decode()
    assert "Note it and judge anew" not in opened(as_staff, "charlie", reverse("questions", args=[incident.pk])).content.decode()


def test_a_question_says_which_deadlines_hang_on_it_and_a_clock_without_its_event_is_asked_for():
    from amanat.web.assess.questions import open_questions

    duties = [
        {"id": "a", "state": "undetermined", "due_at": "2026-03-09T10:00:00+01:00", "ask": ["key_taken"]},
        {"id": "b", "state": "undetermined", "due_at": "2026-03-08T10:00:00+01:00", "ask": ["key_taken"]},
        {"id": "c", "state": "due", "due_at": None, "ask": ["discovery"]},
    ]
    found = open_questions({"questions": [{"fact": "key_taken", "says": "?", "settles": ["a", "b"]}]}, duties, {})

    assert [(one.fact, [duty["id"] for duty in one.duties]) for one in found] == [("key_taken", ["a", "b"]), ("discovery", ["c"])]
    assert (found[0].first_at, found[1].first_at) == (datetime(2026, 3, 8, 9, tzinfo=timezone.utc), None)


def test_an_answer_in_place_is_a_fact_and_moves_the_duties_at_once(incident, as_staff):
    assert duty_of(incident, "eu-gdpr.individuals")["state"] == "undetermined"
    address = reverse("answer_question", args=[incident.pk, "risk"])
    answer = posted(as_staff, "alice", address, **{"risk-status": "known", "risk-value": "high", "risk-source": "Forensic report"})

    assert answer.url == reverse("questions", args=[incident.pk])
    assert newest_facts(incident)["risk"].value == "high"
    assert duty_of(incident, "eu-gdpr.individuals")["state"] == "due"
    assert posted(as_staff, "charlie", address, **{"risk-status": "known", "risk-value": "none"}).status_code == 403


def test_an_answer_that_does_not_fit_is_said_beside_its_question_and_changes_nothing(incident, as_staff):
    answer = posted(as_staff, "alice", reverse("answer_question", args=[incident.pk, "risk"]), **{"risk-status": "known", "risk-value": ""})

    assert answer.status_code == 200 and "Say what it is, or choose" in answer.content.decode()
    assert "risk" not in newest_facts(incident)


def test_unknown_with_a_name_and_a_date_is_an_answer(incident, as_staff):
    alice = incident.declared_by
    address = reverse("await_fact", args=[incident.pk, "risk"])
    posted(as_staff, "alice", address, **{"wait-risk-owner": str(alice.pk), "wait-risk-known_by": "2099-03-09T10:00"})
    page = opened(as_staff, "charlie", reverse("questions", args=[incident.pk])).content.decode()

    assert "will know by" in page and "9 Mar 2099" in page
    assert [line["act"] for line in journal.entries(incident.pk)][-1] == "fact.awaited"


# ---- decisions ----


def due_and_late(incident, now):
    """The authority had to be told 72 hours after a moment four days ago."""
    note(incident, "awareness", (now - timedelta(days=4)).isoformat(), now + timedelta(minutes=1))
    note(incident, "risk", "high", now)
    again(incident)


def test_what_was_done_late_is_recorded_with_the_reasons_or_not_at_all(incident, as_staff, now):
    due_and_late(incident, now)
    address = reverse("decide_duty", args=[incident.pk])
    refused = posted(as_staff, "alice", address, duty="eu-gdpr.authority", decision="done", back="duty")
    assert refused.url == reverse("duty", args=[incident.pk, "eu-gdpr.authority"])
    assert not DutyDecision.objects.filter(decision="done").exists()

    posted(as_staff, "alice", address, duty="eu-gdpr.authority", decision="done", late_why="The register was encrypted.", back="duty")
    made = DutyDecision.objects.get(decision="done")
    assert made.late_why == "The register was encrypted."
    page = opened(as_staff, "charlie", reverse("decided_duties", args=[incident.pk]) + "?what=late").content.decode()
    assert "The register was encrypted." in page and "Alice" in page


def test_what_was_done_in_time_and_noted_later_is_not_late(incident, now):
    due_and_late(incident, now)
    alice = incident.declared_by
    made = assess_actions.decide(
        incident, "eu-gdpr.authority", decision="done", why="", owner=None, by=alice, now=now, done_at=now - timedelta(days=3), late_why="no need"
    )

    assert (made.done_at, made.late_why) == (now - timedelta(days=3), "")
    with pytest.raises(assess_actions.NotYet):
        assess_actions.decide(
            incident, "eu-gdpr.individuals", decision="done", why="", owner=None, by=alice, now=now, done_at=now + timedelta(days=1), late_why="x"
        )


def test_a_done_duty_is_an_event_and_the_planned_date_behind_it_moves(incident, now):
    """DORA: the intermediate report is counted from the initial notification."""
    alice = incident.declared_by
    note(incident, "sectors", ["bank"], now)
    note(incident, "classification_major", now.isoformat(), now)
    again(incident)
    planned = duty_of(incident, "eu-dora.intermediate")
    assert planned["waits_for"] == "eu-dora.initial"
    done_at = now + timedelta(hours=1)
    assess_actions.decide(incident, "eu-dora.initial", decision="done", why="", owner=None, by=alice, now=now + timedelta(hours=2), done_at=done_at)

    assert newest_facts(incident)["initial_notification"].value == done_at.isoformat()
    actual = duty_of(incident, "eu-dora.intermediate")
    assert actual["waits_for"] == "" and actual["due_at"] < planned["due_at"]


def test_a_person_may_require_what_the_law_does_not_and_has_to_say_why(incident, as_staff, now):
    assert duty_of(incident, "eu-gdpr.individuals")["state"] == "undetermined"
    address = reverse("decide_duty", args=[incident.pk])
    posted(as_staff, "alice", address, duty="eu-gdpr.individuals", decision="required")
    assert not DutyDecision.objects.exists()

    posted(as_staff, "alice", address, duty="eu-gdpr.individuals", decision="required", why="They trusted us.", due_at="2099-01-02T10:00")
    (duty,) = [one for one in queries.duties_as_decided(incident) if one["id"] == "eu-gdpr.individuals"]
    assert (duty["state"], duty["due_at"][:16]) == ("due", "2099-01-02T10:00")
    assert [line["act"] for line in journal.entries(incident.pk)][-1] == "duty.required"


# ---- a past moment ----


def test_the_wall_of_a_past_moment_knows_what_was_known_then(incident, as_staff, now):
    """The risk is thought none, then high: a fact that changes twice."""
    for hours, risk in ((1, "none"), (3, "high"), (5, "risk")):
        note(incident, "risk", risk, now + timedelta(hours=hours))

    def states(hours):
        at = (now + timedelta(hours=hours)).isoformat().replace("+", "%2B")
        wall = opened(as_staff, "alice", reverse("duties", args=[incident.pk]) + f"?at={at}").context["wall"]
        clocks = [*wall.rest, *wall.unsure, *(clock for _place, group in wall.by_place for clock in group)]
        return {clock.duty["id"]: clock.duty["state"] for clock in clocks}

    assert [states(hours)["eu-gdpr.individuals"] for hours in (0.5, 2, 4, 6)] == ["undetermined", "not_due", "due", "not_due"]
    assert [states(hours)["eu-gdpr.authority"] for hours in (2, 4)] == ["not_due", "due"]


def test_a_past_moment_keeps_nothing_and_offers_no_form(incident, as_staff, now):
    n = AssessmentRow.objects.count()
    at = (now + timedelta(hours=1)).isoformat().replace("+", "%2B")
    page = opened(as_staff, "alice", reverse("duty", args=[incident.pk, "eu-gdpr.authority"]) + f"?at={at}").content.decode()

    assert AssessmentRow.objects.count() == n
    assert "As it stood:" in page and "decide/" not in page


def test_what_was_counted_later_was_not_known_then(incident, as_staff, now):
    assess_actions.take_in(
        incident, content={"duties": [], "questions": [], "assumed": []}, scope=None, now=now + timedelta(hours=3), counted=[group("US-CA", 900)]
    )

    def reached(hours):
        at = (now + timedelta(hours=hours)).isoformat().replace("+", "%2B")
        then = opened(as_staff, "alice", reverse("duties", args=[incident.pk]) + f"?at={at}").context["then"]
        return {duty["id"] for duty in then.content["duties"] if duty["reach"] is True}

    assert "us-ca.individuals" not in reached(2) and "us-ca.individuals" in reached(4)


@pytest.mark.parametrize("at", ["", "yesterday", "9999-99-99T00:00", "2999-01-01T00:00", "0001-01-01T00:00+23:00", "-1"])
def test_a_moment_that_is_none_shows_today(incident, as_staff, at):
    assert opened(as_staff, "alice", reverse("duties", args=[incident.pk]) + f"?at={at}").context["then_at"] is None


def test_once_the_persons_are_erased_their_groups_are_gone_and_nothing_is_judged_without_them(incident, now):
    actions.erase_people(incident, by=incident.declared_by, now=now, why="the retention period has ended")

    assert set(AssessmentRow.objects.filter(incident=incident).values_list("counted", flat=True)) == {None}
    assert assess_actions.assess_again(incident, by=incident.declared_by, now=now) is None


# ---- laws ----


def test_the_laws_are_found_by_place_in_the_language_of_the_page(incident, as_staff):
    def found(q, language="en"):
        return {one.law.id for one in opened(as_staff, "bob", reverse("laws") + f"?q={q}", language).context["held"]}

    assert "us-ca" in found("California") and "eu-gdpr" not in found("California")
    assert "us-ca" in found("Californie", "fr") and "us-ca" in found("کالیفرنیا", "fa")
    assert found("no such law") == set()


def test_a_law_that_reads_differently_names_the_incidents_that_it_moves(incident, as_staff, now):
    note(incident, "risk", "high", now)
    row = again(incident)
    quiet = opened(as_staff, "alice", reverse("law_watch"))
    assert quiet.context["moved"] == []

    # As if the last assessment had been made when the authority had to be told within 96 hours.
    content = json.loads(json.dumps(row.content))
    for duty in content["duties"]:
        if duty["id"] == "eu-gdpr.authority":
            duty |= {"due_at": (now + timedelta(hours=96)).isoformat(), "limit": "96 hours from awareness"}
    AssessmentRow.objects.filter(pk=row.pk).update(content=content, laws=row.laws | {"eu-gdpr": "another"})
    page = opened(as_staff, "alice", reverse("law_watch"))

    ((moved, incidents),) = page.context["moved"]
    assert (moved.duty, moved.change, incidents) == ("eu-gdpr.authority", "earlier", [incident])
    assert "96 hours after we were sure" in page.content.decode() and "72 hours after we were sure" in page.content.decode()
    assert opened(as_staff, "bob", reverse("law_watch")).context["moved"] == []


# ---- the map ----


def test_the_table_beside_the_map_counts_countries_and_names_their_laws():
    from amanat.web.assess.world import places

    duty = {"id": "fr-x.a", "law": "fr-x", "places": ["FR"], "state": "due", "due_at": "2026-03-09T10:00:00+01:00", "reach": True}
    california = {"id": "us-ca.a", "law": "us-ca", "places": ["US-CA"], "state": "undetermined", "due_at": None, "reach": True}
    found = {one.code: one for one in places({"FR": (12_000, 3), "US": (4, 0), "": (7, 0)}, [duty, california])}

    assert (found["FR"].laws, found["FR"].n_due, found["FR"].shade) == (("fr-x",), 1, 5)
    assert found["FR"].first_at == datetime(2026, 3, 9, 9, tzinfo=timezone.utc)
    assert (found["US"].laws, found["US"].n_due, found["US"].shade) == (("us-ca",), 0, 1)
    assert set(found) == {"FR", "US"}


def test_a_number_below_five_is_not_shown_to_who_may_not_see_persons(incident, as_staff, now):
    from tests.web.test_incident_pages import found

    found(incident, now)  # one person in France, one in Germany
    viewer = opened(as_staff, "charlie", reverse("world", args=[incident.pk])).content.decode()
    lead = opened(as_staff, "alice", reverse("world", args=[incident.pk])).content.decode()

    assert "fewer than 5" in viewer and "fewer than 5" not in lead


def test_every_country_has_a_place_on_the_map():
    from amanat.terms.places import COUNTRIES
    from amanat.web.assess.world import _outlines

    # Uninhabited, or without a permanent population.
    assert set(COUNTRIES) - set(_outlines()["countries"]) <= {"AQ", "BV", "UM"}
    assert len(_outlines()["states"]) == 51
