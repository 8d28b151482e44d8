"""Who stands on the list with two records gets one mail that says all; the board, the proof and their page know both as told."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.notify import following, own_page, person_proofs, plans, queries, reach_export, tasks
from amanat.web.notify.board import board
from amanat.web.notify.ledger import PostgresLedger
from amanat.web.notify.models import NoticeRow, ReceiptRow, SendingRow, TogetherRow
from amanat.web.respond import journal
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson

from .test_approval import N, alice, countersign, fresh, inbox, incident, person, sign, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db(transaction=True)


def twice(n, **changes):
    """The second record of person `n`, of whom something else was exposed."""
    return replace(person(n), person_id=f"again-{n}", kinds=("iban",), birth_date="", **changes)


def load(incident, *more):  # noqa: F811
    people.load(incident, [*(replace(person(n), birth_date="") for n in range(N)), *more])


@pytest.fixture
def two(incident):  # noqa: F811
    """Person 3 stands there twice."""
    load(incident, twice(3))
    return incident


def records(incident, n):  # noqa: F811
    return [people.find(incident, person_id=person(n).person_id), people.find(incident, person_id=f"again-{n}")]


def test_two_records_are_one_line_of_the_list_and_whoever_signs_reads_so(two, fresh):  # noqa: F811
    counts = plans.planned(two).counts
    assert (counts.n, counts.n_together) == (N, 1)
    assert counts.channel == [("email", N)]
    assert counts.place == [("FR", N)]
    page = fresh("Bob").get(reverse("approve", args=[two.pk])).content.decode()
    assert "Second records of one person, told with the first in one message that says all: 1." in page
    assert f"({N})" in page
    assert counts == plans.counts_of(two, now=timezone.now())  # as it is kept


def test_batches_do_not_part_them(two, monkeypatch):
    whole = plans.planned(two).counts
    monkeypatch.setattr(plans, "BATCH", 1)
    assert plans.planned(two).counts == whole


@pytest.mark.parametrize(
    "change",
    [
        {"birth_date": "1990-01-01"},
        {"birth_date": None},
        {"name": "Somebody Else"},
        {"phones": ("+33199002083",)},
        {"controllers": ("a-hotel",)},
        {"national_mark": "5f2a"},
    ],
)
def test_whoever_may_be_somebody_else_gets_a_message_of_their_own(incident, change):  # noqa: F811
    load(incident, replace(twice(3), **change))
    counts = plans.planned(incident).counts
    assert (counts.n, counts.n_together) == (N + 1, 0)


def test_the_approval_covers_who_is_told_together(two, fresh):  # noqa: F811
    sign(fresh, two)
    load(two, replace(twice(3), birth_date="1990-01-01"))
    countersign(fresh, two)
    assert SendingRow.objects.count() == 0


@pytest.fixture
def told(two, fresh, inbox):  # noqa: F811
    sign(fresh, two)
    countersign(fresh, two)
    approval = queries.standing_approval(two)
    tasks.send_notices.func(None, approval_id=str(approval.pk))
    return two


def test_one_mail_says_all_and_both_records_count_as_told(told, inbox):  # noqa: F811
    assert SendingRow.objects.filter(state="accepted").count() == N
    first, second = sorted(records(told, 3), key=lambda one: str(one.pk))
    assert list(TogetherRow.objects.values_list("person", "told_with")) == [(second.pk, first.pk)]
    assert not SendingRow.objects.filter(person=second).exists()

    found = board(told)
    assert (found["n"], found["n_reached"], found["n_left"]) == (N + 1, N + 1, 0)
    rows = [one for one in reach_export.rows(told) if one["person"] in (str(first.pk), str(second.pk))]
    assert [(one["standing"], one["state"]) for one in rows] == [("reached", "accepted")] * 2
    harms = {one["name"]: one["n_reached"] for one in reach_export.by_harm(told)}
    assert harms["money"] >= 1

    [row] = own_page.messages_to(second)
    assert row.person_id == first.pk
    kinds = set(person(3).kinds) | {"iban"}
    for one in (first, second):
        assert set(own_page.said_of(row, one, people.reveal(told, one))[0]) == kinds


def test_the_proof_of_the_second_record_shows_the_message_that_told_them(told, alice):  # noqa: F811
    first, second = sorted(records(told, 3), key=lambda one: str(one.pk))
    made = {
        one.pk: person_proofs.make_for_staff(told, one, why="they asked", is_named=False, by=alice, now=timezone.now()) for one in (first, second)
    }
    shown = {pk: json.loads(person_proofs.opened(row)[0])["messages"] for pk, row in made.items()}
    assert shown[first.pk][0]["sending_id"] == shown[second.pk][0]["sending_id"]
    assert [state["state"] for state in shown[second.pk][0]["states"]][-1] == "accepted"


@pytest.mark.parametrize("change", [{"birth_date": "1990-01-01"}, {"state": "refused"}])
def test_whoever_is_somebody_else_by_now_reads_nothing_of_the_other_on_their_page(told, change):
    """Father and son, told together before anybody knew their birth dates; or a record that a reviewer took off the list."""
    first, second = records(told, 3)
    [row] = own_page.messages_to(second)
    load(told, replace(twice(3), **{"kinds": ("health",), **change}))
    first, second = records(told, 3)
    assert set(own_page.said_of(row, first, people.reveal(told, first))[0]) == set(person(3).kinds)
    assert own_page.said_of(row, second, people.reveal(told, second))[0] == ["health"]


def test_what_is_found_later_is_told_by_a_message_of_its_own_and_nobody_is_told_again(told, fresh, inbox):  # noqa: F811
    n_before = ReceiptRow.objects.filter(state="accepted").count()
    load(told, twice(3), replace(twice(3), person_id="third"), twice(5))
    counts = plans.planned(told).counts
    assert (counts.n, counts.n_together) == (N + 2, 1)
    sign(fresh, told, typed=str(N + 2))
    countersign(fresh, told, typed=str(N + 2))
    approval = queries.standing_approval(told)
    tasks.send_notices.func(None, approval_id=str(approval.pk))
    assert ReceiptRow.objects.filter(state="accepted").count() == n_before + 2
    assert (board(told)["n_reached"], board(told)["n"]) == (N + 3, N + 3)


def test_a_sender_that_died_with_it_in_the_air_loses_nobody(two, fresh, inbox, monkeypatch):  # noqa: F811
    sign(fresh, two)
    countersign(fresh, two)
    approval = queries.standing_approval(two)
    with PostgresLedger(approval) as ledger:
        assert len(ledger.claim("email", 1000, at=timezone.now())) == N
    SendingRow.objects.update(leased_until=timezone.now() - timedelta(days=1))
    tasks.send_notices.func(None, approval_id=str(approval.pk))
    assert SendingRow.objects.filter(state="accepted").count() == N
    assert board(two)["n_reached"] == N + 1


def test_both_follow_when_a_text_changes_after_they_were_told(told):
    first, second = sorted(records(told, 3), key=lambda one: str(one.pk))
    rows = AffectedPerson.objects.filter(pk__in=[first.pk, second.pk])
    read = following._received(told, list(rows))
    assert [one.notice for one in read[first.pk]] == [one.notice for one in read[second.pk]]
    assert NoticeRow.objects.filter(pk=read[second.pk][0].notice).exists()
    assert journal.verify(told.pk).is_whole


def test_letters_of_a_household_share_an_envelope_only_where_the_company_chose_so(incident, fresh, monkeypatch):  # noqa: F811
    home = {"emails": (), "channel_order": ("letter",), "address": "1 rue Exemple, 75000 Paris"}
    people.load(incident, [replace(person(n, **home), name=f"Guest{n} Karimi") for n in range(3)])
    apart = plans.planned(incident)
    assert (apart.counts.n_shared_envelope, apart.counts.dry["units"]) == (0, {"letter": 3})

    honest = plans.company_of
    monkeypatch.setattr(plans, "company_of", lambda one: replace(honest(one), one_envelope_per_household=True))
    monkeypatch.setattr(plans, "BATCH", 2)
    one = plans.planned(incident)
    assert (one.counts.n, one.counts.n_shared_envelope, one.counts.dry["units"]) == (3, 3, {"letter": 1})
    assert one.recipients_hash != apart.recipients_hash
    page = fresh("Bob").get(reverse("approve", args=[incident.pk])).content.decode()
    assert "Letters that share an envelope with another of the household: 3." in page
