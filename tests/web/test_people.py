"""Affected persons in the database: encrypted, found by blind index, erased with the incident's keys."""

import pytest
from django.db import connection

from amanat.web.respond import actions, journal
from amanat.web.respond.models import Incident, KeysErased
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson

pytestmark = pytest.mark.django_db


def a_person(number, **more):
    return people.Person(
        **{
            "person_id": f"G-{number}",
            "kinds": ("email", "passport"),
            "n_findings": 3,
            "n_records": 1,
            "belief": 1.0,
            "state": "sure",
            "basis": "content",
            "residence": "FR",
            "language": "fr",
            "minor": None,
            "name": "Sara Canari",
            "emails": (f"sara{number}@example.org",),
            "address": "1 rue de l'Exemple, 75001 Paris",
            **more,
        }
    )


@pytest.fixture
def incident(staff_of, now):
    return actions.declare(title="Practice", kind="data_breach", by=staff_of("alice"), now=now)


def test_persons_come_back_as_they_went_in(incident):
    assert people.load(incident, [a_person(1), a_person(2, emails=())]) == 2

    row = people.find(incident, person_id="G-1")
    assert people.reveal(incident, row)["address"] == "1 rue de l'Exemple, 75001 Paris"
    assert (row.residence, row.language, row.minor, row.state) == ("FR", "fr", None, "sure")


def test_the_table_holds_no_word_about_who_somebody_is(incident):
    people.load(incident, [a_person(1)])
    with connection.cursor() as cursor:
        cursor.execute("select p::text, encode(secret, 'escape') from scope_affectedperson p")
        stored = str(cursor.fetchall())

    for canary in ("Sara", "Canari", "example.org", "Exemple", "G-1", "passport"):
        assert canary not in stored


def test_a_person_is_found_by_address_in_any_spelling(incident):
    people.load(incident, [a_person(1), a_person(2)])

    found = people.find(incident, email=" SARA2@Example.org ")

    assert people.reveal(incident, found)["person_id"] == "G-2"
    assert people.find(incident, email="nobody@example.org") is None


def test_loading_again_keeps_the_rows_of_persons_who_stay(incident):
    people.load(incident, [a_person(1), a_person(2)])
    before = people.find(incident, person_id="G-1").id
    people.load(incident, [a_person(1, residence="DE"), a_person(3)])

    after = people.find(incident, person_id="G-1")
    assert (after.id, after.residence) == (before, "DE")
    assert people.find(incident, person_id="G-2") is None
    assert AffectedPerson.objects.filter(incident=incident).count() == 2


def test_one_incident_cannot_find_the_persons_of_another(incident, staff_of, now):
    other = actions.declare(title="Other", kind="data_breach", by=staff_of("bob"), now=now)
    people.load(incident, [a_person(1)])

    assert people.find(other, person_id="G-1") is None


def test_erasing_the_keys_erases_the_people(incident, staff_of, now):
    people.load(incident, [a_person(1)])
    row = people.find(incident, person_id="G-1")
    actions.erase_people(incident, by=staff_of("dana"), now=now, why="retention ended")

    for again in (incident, Incident.objects.get(pk=incident.pk)):
        with pytest.raises(KeysErased):
            people.reveal(again, row)
    assert Incident.objects.get(pk=incident.pk).wrapped_keys is None
    assert [e["act"] for e in journal.entries(incident.pk)][-1] == "people.erased"
    assert journal.verify(incident.pk).is_whole


def test_a_stranger_s_row_does_not_open_in_this_incident(incident, staff_of, now):
    from amanat.web.crypto import DoesNotOpen

    other = actions.declare(title="Other", kind="data_breach", by=staff_of("bob"), now=now)
    people.load(other, [a_person(1)])
    row = people.find(other, person_id="G-1")

    with pytest.raises(DoesNotOpen):
        people.reveal(incident, row)


def test_a_person_does_not_print():
    assert "Sara" not in repr(a_person(1))
    assert "G-1" not in repr(a_person(1))


def told(incident, row, by, now):
    """A message to this person, as the ledger has it."""
    from amanat.web.notify.models import ApprovalRow, NoticeRow, ReceiptRow, SendingRow

    notice = NoticeRow.objects.create(
        incident=incident, notice_id="eu.en", letter_group="eu", language="en", audience="individuals", content={}, content_hash="0", at=now
    )
    approval = ApprovalRow.objects.create(incident=incident, notices_hash="0", recipients_hash="0", n_recipients=1, author=by, authored_at=now)
    sending = SendingRow.objects.create(
        incident=incident, approval=approval, notice=notice, person=row, channel="email", state="delivered", changed_at=now
    )
    ReceiptRow.objects.create(sending=sending, state="delivered", at=now)
    return sending


def test_somebody_who_was_told_and_is_not_found_any_more_stays_with_the_record_of_it(incident, now):
    from amanat.web.notify.models import ReceiptRow

    people.load(incident, [a_person(1, letter_group="eu"), a_person(2)])
    sending = told(incident, people.find(incident, person_id="G-1"), incident.declared_by, now)

    people.load(incident, [a_person(3)])
    kept = people.find(incident, person_id="G-1")
    assert (kept.pk, kept.state, kept.letter_group) == (sending.person_id, "past", "")
    assert people.find(incident, person_id="G-2") is None
    assert ReceiptRow.objects.filter(sending__person=kept, state="delivered").count() == 1

    people.load(incident, [a_person(1, letter_group="eu")])
    assert people.find(incident, person_id="G-1").state == "sure"


def test_the_records_of_who_was_told_outlive_the_erasure(incident, staff_of, now):
    from amanat.web.notify.models import SendingRow

    people.load(incident, [a_person(1)])
    told(incident, people.find(incident, person_id="G-1"), incident.declared_by, now)
    actions.erase_people(incident, by=staff_of("dana"), now=now, why="retention ended")

    with pytest.raises(KeysErased):
        people.load(incident, [a_person(2)])
    assert SendingRow.objects.filter(incident=incident, state="delivered").count() == 1
    assert AffectedPerson.objects.filter(incident=incident).count() == 1
