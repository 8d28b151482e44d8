"""The review queue: a named person decides, one after the other; state, counts and the next run follow."""

from datetime import timedelta

import pytest

from amanat.web.respond import actions as respond
from amanat.web.respond import journal
from amanat.web.scope import actions, people, queries
from amanat.web.scope.models import AffectedPerson, Review

from .test_people import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(staff_of, now):
    """With one sure person and two who wait for a reviewer."""
    one = respond.declare(title="Practice", kind="data_breach", by=staff_of("alice"), now=now)
    take_in(one, now, n={"sure": 1, "review": 2})
    return one


def take_in(incident, now, *persons, n, seconds=1.0):
    given = persons or (a_person(1), a_person(2, state="review", belief=0.5), a_person(3, state="review", belief=0.5))
    counts = [{"kind": kind, "residence": "FR", "language": "fr", "state": s, "n": k} for kind in ("email", "passport") for s, k in n.items()]
    return actions.take_in(incident, persons=given, gaps=[], counts=counts, n=n, seconds=seconds, now=now)


def decide(incident, number, decision, now, why=""):
    row = people.find(incident, person_id=f"G-{number}")
    return actions.decide(incident, row.pk, decision=decision, why=why, by=incident.declared_by, now=now)


def test_a_confirmed_person_is_sure_and_counted_so(incident, now):
    decide(incident, 2, "confirmed", now, why="the birth date fits")

    row = people.find(incident, person_id="G-2")
    assert row.state == "sure"
    assert people.reveal(incident, row)["belief"] == 1.0
    counted = queries.newest(incident)
    assert (counted.n_sure, counted.n_review) == (2, 1)
    assert {c["state"]: c["n"] for c in counted.counts if c["kind"] == "passport"} == {"sure": 2, "review": 1}
    last = list(journal.entries(incident.pk))[-1]
    # The reason is about a person: it is kept with the review, not in the journal, which nobody can erase.
    assert (last["act"], last["why"], last["what"]) == ("person.confirmed", "", {"person": str(row.pk), "has_reason": True})
    assert Review.objects.get(person=row).why == "the birth date fits"


def test_who_is_put_off_comes_back_last(incident, now):
    first = queries.queue(incident)[0]
    actions.decide(incident, first.pk, decision="later", why="", by=incident.declared_by, now=now)

    assert [row.pk for row in queries.queue(incident)][-1] == first.pk


def test_a_refusal_can_be_opened_again_with_the_belief_from_before(incident, now):
    decide(incident, 2, "refused", now)
    assert people.find(incident, person_id="G-2").state == "refused"
    decide(incident, 2, "reopened", now + timedelta(minutes=1))

    row = people.find(incident, person_id="G-2")
    assert (row.state, people.reveal(incident, row)["belief"]) == ("review", 0.5)
    assert queries.newest(incident).n_review == 2


def test_two_reviewers_do_not_decide_about_the_same_person(incident, now):
    decide(incident, 2, "confirmed", now)

    with pytest.raises(actions.NotOpen):
        decide(incident, 2, "refused", now)
    with pytest.raises(actions.NotOpen):
        decide(incident, 1, "refused", now)


def test_the_next_run_learns_what_was_decided(incident, now, tmp_path):
    decide(incident, 2, "confirmed", now)
    decide(incident, 3, "refused", now)
    assert actions.write_reviews(incident, tmp_path / "reviewed.csv") == 2

    lines = (tmp_path / "reviewed.csv").read_text().split()
    assert lines[0] == "person_id,decision,n_records,same_as"
    assert set(lines[1:]) == {"G-2,confirmed,1,", "G-3,refused,1,"}
    assert (tmp_path / "reviewed.csv").stat().st_mode & 0o777 == 0o600


def test_a_refused_person_whom_the_next_run_leaves_out_stays_refused(incident, now):
    decide(incident, 3, "refused", now)
    take_in(incident, now + timedelta(hours=1), a_person(1), a_person(2), n={"sure": 2})

    assert people.find(incident, person_id="G-3").state == "refused"


def test_a_decision_made_while_a_run_was_under_way_outlives_its_result(incident, now):
    decide(incident, 2, "confirmed", now + timedelta(seconds=30))
    take_in(incident, now + timedelta(seconds=60), n={"sure": 1, "review": 2}, seconds=45.0)

    assert people.find(incident, person_id="G-2").state == "sure"
    assert queries.newest(incident).n_review == 1
    assert AffectedPerson.objects.filter(incident=incident, state="review").count() == 1


PLACES = (
    {"path": "crm/guests.csv", "place": "", "record": 11, "same": ["person_name"], "other": ["email"]},
    {"path": "mail.mbox", "place": "message 3", "record": 2, "same": ["person_name", "birth_date"], "other": []},
)


def test_the_page_shows_one_person_with_what_speaks_for_and_against_and_notes_who_looked(incident, as_staff, now):
    from django.urls import reverse

    take_in(incident, now, a_person(1), a_person(2, state="review", belief=0.5, places=PLACES, n_records=4), n={"sure": 1, "review": 1})
    browser = as_staff(incident.declared_by)
    answer = browser.get(reverse("review", args=[incident.pk]))
    page = answer.content.decode()

    assert "crm/guests.csv" in page and "message 3" in page and "Sara Canari" in page
    assert "sara2@example.org" not in page  # the value itself is never shown
    weighed = answer.context["weighed"]
    assert dict(weighed.same) == {"name": 2, "dob": 1} and dict(weighed.other) == {"email": 1}
    assert (weighed.is_weak, weighed.n_alone) == (True, 1)
    row = people.find(incident, person_id="G-2")
    assert list(journal.entries(incident.pk))[-1]["what"] == {"person": str(row.pk)}

    browser.post(reverse("review", args=[incident.pk]), {"person": str(row.pk), "decision": "confirmed", "why": ""})
    assert people.find(incident, person_id="G-2").state == "sure"
    assert "Nobody waits for a reviewer." in browser.get(reverse("review", args=[incident.pk])).content.decode()


def test_only_lead_and_data_protection_officer_review_and_support_may_look(incident, staff_of, as_staff, now):
    from django.urls import reverse

    codes = {}
    row = people.find(incident, person_id="G-2")
    for role in ("dpo", "support", "counsel", "viewer"):
        staff = staff_of(role)
        respond.add_member(incident, staff=staff, role=role, by=incident.declared_by, now=now)
        browser = as_staff(staff)
        codes[role] = (
            browser.get(reverse("review", args=[incident.pk])).status_code,
            browser.get(reverse("person", args=[incident.pk, row.pk])).status_code,
            browser.post(reverse("find_person", args=[incident.pk]), {"asked": "G-2"}).status_code,
        )

    assert codes == {"dpo": (200, 200, 302), "support": (403, 200, 302), "counsel": (403, 403, 403), "viewer": (403, 403, 403)}


def test_a_person_is_found_by_number_or_address_without_either_in_the_address_of_the_page(incident, as_staff):
    from django.urls import reverse

    row = people.find(incident, person_id="G-2")
    browser = as_staff(incident.declared_by)
    for asked in ("G-2", "SARA2@example.org "):
        answer = browser.post(reverse("find_person", args=[incident.pk]), {"asked": asked})
        assert answer.url == reverse("person", args=[incident.pk, row.pk])
    assert browser.post(reverse("find_person", args=[incident.pk]), {"asked": "nobody"}).url == reverse("affected", args=[incident.pk])


def test_a_person_of_another_incident_is_not_there(incident, staff_of, as_staff, now):
    from django.urls import reverse

    other = respond.declare(title="Other", kind="data_breach", by=staff_of("bob"), now=now)
    people.load(other, [a_person(9, state="review")])
    row = people.find(other, person_id="G-9")
    browser = as_staff(incident.declared_by)

    assert browser.get(reverse("person", args=[incident.pk, row.pk])).status_code == 404
    browser.post(reverse("review", args=[incident.pk]), {"person": str(row.pk), "decision": "confirmed"})
    assert people.find(other, person_id="G-9").state == "review"


def test_what_leaves_a_kind_of_data_has_come_in_from_files(incident, now):
    row = queries.newest(incident)
    row.files = [{"path": "a.csv", "kind": "email", "n": 30}, {"path": "", "kind": "email", "n": 10}]
    links = queries.flows(row)

    # Three persons with an e-mail address: three quarters of its values stand in a.csv.
    assert [(e["path"], e["n"]) for e in links if "path" in e] == [("a.csv", 2.25), ("", 0.75)]
    assert {(e["kind"], e["state"]): e["n"] for e in links if "state" in e} == {
        ("email", "sure"): 1,
        ("email", "review"): 2,
        ("passport", "sure"): 1,
        ("passport", "review"): 2,
    }


AN_OUTSIDER = {"person_id": "out-3", "state": "outsider", "residence": None, "language": None, "name": "", "emails": (), "address": ""}


@pytest.fixture
def with_outsiders(incident, now):
    """G-1 is sure, G-2 waits, out-3 and out-4 are outside the register."""
    persons = (a_person(1), a_person(2, state="review", belief=0.5), a_person(3, **AN_OUTSIDER), a_person(4, **AN_OUTSIDER | {"person_id": "out-4"}))
    take_in(incident, now + timedelta(hours=1), *persons, n={"sure": 1, "review": 1, "outsider": 2})
    return incident


def say(browser, incident, person_id, **given):
    from django.urls import reverse

    row = people.find(incident, person_id=person_id)
    return browser.post(reverse("review", args=[incident.pk]), {"person": str(row.pk), **given}, follow=True).content.decode()


def test_who_is_the_same_as_another_and_who_are_several_is_what_the_next_run_learns(with_outsiders, as_staff, tmp_path):
    from amanat.scope.reviewed import Review as Read
    from amanat.scope.reviewed import read_reviews

    browser = as_staff(with_outsiders.declared_by)
    assert queries.outsiders(with_outsiders).count() == 2
    assert "who stays" in say(browser, with_outsiders, "G-2", decision="merged", same_as="SARA1@example.org")
    assert "several persons" in say(browser, with_outsiders, "out-3", decision="split", who="outsiders")
    say(browser, with_outsiders, "out-4", decision="merged", same_as="G-1", who="outsiders")
    actions.write_reviews(with_outsiders, tmp_path / "reviewed.csv")

    # As `amanat run --reviewed` reads them.
    assert read_reviews(tmp_path / "reviewed.csv") == {
        "G-2": Read(decision="merged", n_records=1, same_as="G-1"),
        "out-3": Read(decision="split", n_records=1),
        "out-4": Read(decision="merged", n_records=1, same_as="G-1"),
    }
    counted = queries.newest(with_outsiders)
    assert (counted.n_sure, counted.n_review, counted.n_outsiders) == (1, 0, 1)
    acts = [entry["act"] for entry in journal.entries(with_outsiders.pk)]
    assert acts.count("person.merged") == 2 and acts.count("person.split") == 1
    assert list(queries.outsiders(with_outsiders)) == []


def test_nobody_is_merged_with_themselves_or_with_who_is_not_there(with_outsiders, as_staff):
    browser = as_staff(with_outsiders.declared_by)
    for same_as in ("", "G-2", "G-77", "nobody@example.org"):
        assert "Nobody else has this number" in say(browser, with_outsiders, "G-2", decision="merged", same_as=same_as)
    assert people.find(with_outsiders, person_id="G-2").state == "review"


def test_an_outsider_may_be_somebody_of_the_register_whom_no_file_names(with_outsiders, as_staff, tmp_path):
    from amanat.web.respond.models import Incident

    (tmp_path / "register.csv").write_text("person_id,name,email\nG-77,Marc Petit,marc@example.org\n")
    Incident.objects.filter(pk=with_outsiders.pk).update(folder=str(tmp_path))
    say(as_staff(with_outsiders.declared_by), with_outsiders, "out-3", decision="merged", same_as="G-77", who="outsiders")

    row = people.find(with_outsiders, person_id="out-3")
    assert row.state == "merged" and Review.objects.get(person=row).same_as == "G-77"


@pytest.mark.parametrize(("person_id", "decision"), [("G-2", "split"), ("out-3", "confirmed"), ("out-3", "refused"), ("G-1", "merged")])
def test_a_decision_that_does_not_fit_the_person_is_not_taken(with_outsiders, now, person_id, decision):
    row = people.find(with_outsiders, person_id=person_id)
    with pytest.raises(actions.NotOpen):
        actions.decide(with_outsiders, row.pk, decision=decision, why="", by=with_outsiders.declared_by, now=now, same_as="out-4")


def test_merged_and_divided_are_opened_again_as_they_were(with_outsiders, now):
    for person_id, decision in (("G-2", "merged"), ("out-3", "split"), ("out-4", "merged")):
        row = people.find(with_outsiders, person_id=person_id)
        for at, word in ((now, decision), (now + timedelta(minutes=1), "reopened")):
            actions.decide(with_outsiders, row.pk, decision=word, why="", by=with_outsiders.declared_by, now=at, same_as="G-1")

    assert [people.find(with_outsiders, person_id=one).state for one in ("G-2", "out-3", "out-4")] == ["review", "outsider", "outsider"]
    counted = queries.newest(with_outsiders)
    assert (counted.n_review, counted.n_outsiders) == (1, 2)
    assert queries.outsiders(with_outsiders).count() == 2


def test_the_number_of_who_stays_is_not_stored_in_the_clear_and_goes_with_the_key(with_outsiders, now):
    row = people.find(with_outsiders, person_id="G-2")
    review = actions.decide(with_outsiders, row.pk, decision="merged", why="", by=with_outsiders.declared_by, now=now, same_as="G-1")

    assert b"G-1" not in bytes(review.secret) and review.same_as == "G-1"
    assert "G-1" not in str(list(journal.entries(with_outsiders.pk)))


def test_the_page_of_who_is_affected_opens_when_some_are_refused_or_merged(with_outsiders, as_staff, now):
    from django.urls import reverse

    row = people.find(with_outsiders, person_id="G-2")
    actions.decide(with_outsiders, row.pk, decision="refused", why="", by=with_outsiders.declared_by, now=now)
    assert as_staff(with_outsiders.declared_by).get(reverse("affected", args=[with_outsiders.pk])).status_code == 200


def test_every_reason_of_likeness_has_words_for_the_reviewer():
    from amanat.scope.unsettled import REASONS
    from amanat.web.scope.judging import AGAINST, LIKENESS

    assert set(LIKENESS) == set(REASONS.values()) and set(LIKENESS) > AGAINST


def test_what_a_likeness_rests_on_is_said_in_three_languages(incident, as_staff, now):
    from django.urls import reverse

    from amanat.web.accounts.models import Staff
    from amanat.web.intake import _with_likeness

    place = {"path": "notes.txt", "place": "", "record": 4, "same": ["person_name"], "other": []}
    link = {"path": "notes.txt", "place": "", "record": 4, "belief": 0.7, "state": "review", "reasons": ["name_sounds_alike", "other_birth_date"]}
    places = _with_likeness((place,), (link, link | {"record": 9}))
    take_in(incident, now, a_person(2, state="review", belief=0.5, places=places), n={"review": 1})
    browser = as_staff(incident.declared_by)
    for language, words in (
        ("fr", ("un nom qui sonne pareil et s’écrit autrement", "une autre date de naissance")),
        ("fa", ("نامی هم‌آوا با املای دیگر", "تاریخ تولد دیگری")),
        ("en", ("a name that sounds alike and is spelled otherwise", "another birth date")),
    ):
        Staff.objects.filter(pk=incident.declared_by.pk).update(language=language)
        answer = browser.get(reverse("review", args=[incident.pk]))
        assert all(one in answer.content.decode() for one in words)
    weighed = answer.context["weighed"]
    # The name is alike, not the same as in the register, and the other birth date speaks against it in this very record.
    assert (weighed.same, weighed.n_alone, weighed.is_weak) == ([], 0, True)


PARTS = (
    {"part": "out-3", "kinds": ["email"], "n_findings": 1, "n_records": 1},
    {"part": "out-5", "kinds": ["phone", "passport"], "n_findings": 2, "n_records": 2},
)


def of(incident, number):
    row = people.find(incident, person_id=number)
    return (row.state, sorted(people.reveal(incident, row)["kinds"])) if row else None


def settle(incident, number, decision, at, **more):
    row = people.find(incident, person_id=number)
    return actions.decide(incident, row.pk, decision=decision, why="", by=incident.declared_by, now=at, **more)


def test_who_is_merged_is_seen_at_once_with_the_one_who_stays_and_taken_back_as_it_was(incident, now):
    place = {"path": "b.csv", "place": "", "record": 4, "same": ["person_name"], "other": []}
    stays = a_person(1, kinds=("email",), n_records=2)
    other = a_person(2, state="review", belief=0.5, kinds=("email", "iban"), n_records=3, places=(place,))
    take_in(incident, now + timedelta(hours=1), stays, other, n={"sure": 1, "review": 1})
    before = queries.newest(incident).counts
    settle(incident, "G-2", "merged", now, same_as="G-1")

    assert of(incident, "G-1") == ("sure", ["email", "iban"]) and of(incident, "G-2")[0] == "merged"
    secret = people.reveal(incident, people.find(incident, person_id="G-1"))
    assert (secret["n_records"], secret["places"], secret["belief"]) == (5, [place], 1.0)
    assert {(c["kind"], c["state"]): c["n"] for c in queries.newest(incident).counts if c["kind"] == "iban"} == {("iban", "sure"): 1}
    settle(incident, "G-2", "reopened", now + timedelta(minutes=1))
    assert of(incident, "G-1") == ("sure", ["email"]) and of(incident, "G-2") == ("review", ["email", "iban"])
    secret = people.reveal(incident, people.find(incident, person_id="G-1"))
    assert (secret["n_records"], "joined" in secret, "own" in secret) == (2, False, False)
    assert sorted((c["kind"], c["state"], c["n"]) for c in queries.newest(incident).counts if c["kind"] == "email") == sorted(
        (c["kind"], c["state"], c["n"]) for c in before if c["kind"] == "email"
    )


def test_who_waited_for_a_reviewer_is_sure_once_an_outsider_turns_out_to_be_them(with_outsiders, now):
    settle(with_outsiders, "out-3", "merged", now, same_as="G-2")
    assert of(with_outsiders, "G-2")[0] == "sure"
    counted = queries.newest(with_outsiders)
    assert (counted.n_sure, counted.n_review, counted.n_outsiders) == (2, 0, 1)
    settle(with_outsiders, "out-3", "reopened", now + timedelta(minutes=1))
    assert of(with_outsiders, "G-2")[0] == "review" and of(with_outsiders, "out-3")[0] == "outsider"


def test_somebody_of_the_register_whom_no_key_led_to_is_on_the_list_from_the_merge_on(with_outsiders, as_staff, now, tmp_path):
    from amanat.web.respond.models import Incident

    (tmp_path / "register.csv").write_text("person_id,name,email,residence,language\nG-77,Omid Nobody,omid@example.org,FR,fr\n")
    Incident.objects.filter(pk=with_outsiders.pk).update(folder=str(tmp_path))
    say(as_staff(with_outsiders.declared_by), with_outsiders, "out-3", decision="merged", same_as="G-77", who="outsiders")
    row = people.find(with_outsiders, email="omid@example.org")
    assert row == people.find(with_outsiders, person_id="G-77") and (row.state, row.residence, row.language) == ("sure", "FR", "fr")
    assert of(with_outsiders, "G-77")[1] == of(with_outsiders, "out-3")[1]
    assert queries.newest(with_outsiders).n_sure == 2
    settle(with_outsiders, "out-3", "reopened", now + timedelta(days=1))
    assert people.find(with_outsiders, person_id="G-77") is None and queries.newest(with_outsiders).n_sure == 1


def test_a_chain_of_merges_ends_at_one_person_and_closes_in_no_circle(with_outsiders, now):
    settle(with_outsiders, "out-4", "merged", now, same_as="out-3")
    settle(with_outsiders, "G-2", "merged", now, same_as="out-4")  # who stays for out-4 is out-3
    assert of(with_outsiders, "out-3")[0] == "outsider"
    assert people.reveal(with_outsiders, people.find(with_outsiders, person_id="out-3"))["n_records"] == 3
    with pytest.raises(actions.NobodyElse):
        settle(with_outsiders, "out-3", "merged", now, same_as="out-4")


def test_who_is_divided_is_several_at_once_and_one_again_when_it_is_taken_back(incident, now):
    take_in(incident, now + timedelta(hours=1), a_person(3, **AN_OUTSIDER, parts=PARTS, kinds=("email", "phone", "passport")), n={"outsider": 1})
    settle(incident, "out-3", "split", now)
    assert of(incident, "out-3") == ("outsider", ["email"]) and of(incident, "out-5") == ("outsider", ["passport", "phone"])
    assert queries.newest(incident).n_outsiders == 2
    assert [row.pk for row in queries.outsiders(incident)] == [people.find(incident, person_id="out-5").pk]
    settle(incident, "out-3", "reopened", now + timedelta(minutes=1))
    assert of(incident, "out-3") == ("outsider", ["email", "passport", "phone"]) and of(incident, "out-5") is None
    assert queries.newest(incident).n_outsiders == 1


def test_a_division_is_not_taken_back_while_a_part_of_it_was_decided_about(incident, as_staff, now):
    from django.urls import reverse

    take_in(incident, now + timedelta(hours=1), a_person(1), a_person(3, **AN_OUTSIDER, parts=PARTS), n={"sure": 1, "outsider": 1})
    settle(incident, "out-3", "split", now)
    settle(incident, "out-5", "merged", now, same_as="G-1")
    row = people.find(incident, person_id="out-3")
    answer = as_staff(incident.declared_by).post(reverse("review", args=[incident.pk]), {"person": str(row.pk), "decision": "reopened"}, follow=True)
    assert "Take that back first." in answer.content.decode()
    assert of(incident, "out-5")[0] == "merged" and Review.objects.filter(person=row).order_by("-at").first().decision == "split"


def test_the_parts_of_an_outsider_come_with_the_run(incident, now, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    from amanat.scope.reviewed import PARTS as SCHEMA
    from amanat.web.intake import Places

    pq.write_table(pa.Table.from_pylist([{"person_id": "out-3", **part} for part in PARTS], schema=SCHEMA), tmp_path / "outsiders.parquet")
    assert Places(tmp_path / "outsiders.parquet").of("out-3") == PARTS


def test_older_decisions_stand_on_further_pages(incident, as_staff, now):
    from django.urls import reverse

    persons = [a_person(n, state="review", belief=0.5) for n in range(10, 32)]
    take_in(incident, now + timedelta(hours=1), *persons, n={"review": 22})
    for n in range(10, 32):
        settle(incident, f"G-{n}", "refused", now + timedelta(seconds=n))
    browser = as_staff(incident.declared_by)
    first, second = (browser.get(reverse("review", args=[incident.pk]), {"page": page}).content.decode() for page in (1, 2))
    assert first.count('value="reopened"') == 20 and second.count('value="reopened"') == 2
    assert "page=2" in first and 'data-key="0"' in first and 'data-key="0"' not in second
