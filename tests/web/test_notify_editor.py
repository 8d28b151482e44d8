"""A sentence is written otherwise on the page: a new version, judged, that voids signatures and that its writer cannot approve."""

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat import notify
from amanat.web.accounts.models import Staff
from amanat.web.notify import actions, editor, parallel, plans, queries
from amanat.web.notify.models import ApprovalRow, NoticeRow
from amanat.web.respond.models import JournalEntry

from .test_approval import N, alice, fresh, incident, notice_in, story  # noqa: F401  fixtures

TAKEN = "Data of yours were taken."


def write(client, incident, after, before=TAKEN, notice_id="eu.en", where="what_happened", **more):  # noqa: F811
    page = reverse("notice_write", args=[incident.pk, notice_id])
    return client.post(page, {"where": where, "before": before, "after": after} | more, follow=True)


def newest(incident, notice_id="eu.en"):  # noqa: F811
    return next(row for row in queries.newest_notices(incident) if row.notice_id == notice_id)


def sentences(row):
    return [s["text"] for section in row.content["sections"] for s in section["sentences"]]


@pytest.mark.django_db
def test_what_a_person_writes_is_a_new_version_in_their_name_with_the_gates_word_and_its_facts(incident, fresh, alice):  # noqa: F811
    page = write(fresh("Alice"), incident, "Attackers may have copied your data. Enjoy 20% off your next stay.").content.decode()
    row = newest(incident)

    assert (row.version, row.author) == (2, alice)
    assert sentences(row) == ["Attackers may have copied your data. Enjoy 20% off your next stay."]
    assert row.content["sections"][0]["sentences"][0]["facts"] == ["what_happened"]
    assert "marketing" in [one["check"] for one in row.findings]
    assert "Kept as a new version" in page
    assert "In the words of" in page
    entry = JournalEntry.objects.filter(incident=incident, act="notice.written_otherwise").get()
    assert entry.what["notice_id"] == "eu.en"
    assert "Attackers" not in str(entry.what)


@pytest.mark.django_db
def test_what_sells_is_taken_out_with_one_press_of_the_page(incident, fresh):  # noqa: F811
    client = fresh("Alice")
    write(client, incident, "Attackers copied your data. Enjoy 20% off your next stay.")
    row = newest(incident)
    [section] = editor.beside(row, [], "en", may_write=True)
    mend = next(one["mend"] for one in section["sentences"][0]["findings"] if one["check"] == "marketing")
    write(client, incident, mend.after, before=mend.before, where=mend.where)

    assert sentences(newest(incident)) == ["Attackers copied your data."]
    assert "marketing" not in [one["check"] for one in newest(incident).findings]


@pytest.mark.django_db
def test_amanat_writes_anew_and_the_words_of_the_person_stand_until_their_sentence_is_no_longer_said(incident, fresh, alice):  # noqa: F811
    write(fresh("Alice"), incident, "Attackers copied your data.")
    now = timezone.now()
    actions.take_in(incident, notices=[notice_in("en")], findings={}, by=None, now=now)
    same = newest(incident)
    actions.take_in(incident, notices=[notice_in("en", "Data of 40 people were taken.")], findings={}, by=None, now=now)
    other = newest(incident)

    assert (same.version, sentences(same), same.author) == (2, ["Attackers copied your data."], alice)
    assert (other.version, sentences(other), other.author) == (3, ["Data of 40 people were taken."], None)
    assert [one["is_lapsed"] for one in other.edits] == [True]
    assert "no longer stands" in fresh("Alice").get(reverse("notice", args=[incident.pk, "eu.en"])).content.decode()


@pytest.mark.django_db
def test_a_signature_ends_when_a_sentence_changes_and_whoever_wrote_it_cannot_countersign(incident, fresh, alice):  # noqa: F811
    bob, now, planned = Staff.objects.get(name="Bob"), timezone.now(), plans.planned(incident)
    actions.sign(incident, now_planned=planned, typed=str(N), by=alice, now=now)
    write(fresh("Bob"), incident, "Attackers copied your data.")
    write(fresh("Alice"), incident, "Attackers copied your letters.", before=TAKEN, notice_id="eu.fr")
    assert not ApprovalRow.objects.filter(incident=incident, voided_at=None).exists()

    # Amanat writes the rest anew; the words that Bob wrote still stand in it.
    planned = plans.planned(incident)
    row = actions.sign(incident, now_planned=planned, typed=str(N), by=alice, now=now)
    with pytest.raises(actions.NotNow, match="same"):
        actions.countersign(incident, row.pk, now_planned=planned, typed=str(N), by=bob, now=now)


@pytest.mark.django_db
def test_what_would_lose_the_code_or_was_changed_meanwhile_is_refused_with_a_reason(incident, fresh):  # noqa: F811
    client = fresh("Alice")

    assert "other braces cannot stand" in write(client, incident, "Hello {whoever}.").content.decode()
    assert "Somebody changed this sentence meanwhile" in write(client, incident, "Other.", before="Never there.").content.decode()
    assert newest(incident).version == 1


@pytest.mark.django_db
def test_who_may_only_look_finds_no_place_to_write_and_cannot_write(incident, fresh):  # noqa: F811
    client, page = fresh("Charlie"), reverse("notice", args=[incident.pk, "eu.en"])

    assert "Write it differently" not in client.get(page, {"edit": "what_happened.0"}).content.decode()
    assert write(client, incident, "Other.").status_code in (403, 404)
    assert newest(incident).version == 1


@pytest.mark.django_db
def test_the_place_to_write_opens_without_a_script_and_as_a_part_with_one(incident, fresh):  # noqa: F811
    client, page = fresh("Alice"), reverse("notice", args=[incident.pk, "eu.en"])
    whole = client.get(page, {"edit": "what_happened.0"}).content.decode()
    part = client.get(page, {"edit": "what_happened.0"}, headers={"HX-Request": "true"}).content.decode()

    assert "<textarea" in whole
    assert "<html" in whole
    assert "<textarea" in part
    assert "<html" not in part
    assert client.get(page, {"edit": "what_happened.99"}).status_code == 404


@pytest.mark.django_db
def test_the_gate_answers_while_one_types_and_keeps_nothing(incident, fresh):  # noqa: F811
    page = reverse("notice_judge", args=[incident.pk, "eu.fr"])
    says = fresh("Alice").post(page, {"after": "Profitez de 20 % de réduction sur votre prochain séjour."}).content.decode()

    assert "Blocking" in says
    assert newest(incident, "eu.fr").version == 1


def test_sentences_stand_beside_their_counterparts_by_what_they_rest_on():
    def said(text, *facts):
        return {"text": text, "facts": list(facts), "kinds": [], "places": [], "bases": [], "readers": [], "is_item": False}

    rows = parallel.counterparts([[said("One", "a"), said("Two", "b"), said("Three", "c")], [said("Un", "a"), said("Trois", "c")]])

    assert [[one and one["text"] for one in row] for row in rows] == [["One", "Un"], ["Two", None], ["Three", "Trois"]]


def test_findings_that_say_the_same_stand_once_and_a_count_is_no_quotation():
    found = queries.once(
        [
            {"check": "actions_first", "where": "", "quote": "495", "says": "Late.", "is_blocking": False},
            {"check": "actions_first", "where": "", "quote": "512", "says": "Late.", "is_blocking": False},
        ]
    )

    assert [(one["check"], one["shown"]) for one in found] == [("actions_first", "")]


@pytest.mark.django_db
def test_the_text_message_is_shown_with_the_segments_that_are_paid_for(incident, fresh):  # noqa: F811
    page = fresh("Charlie").get(reverse("notice_samples", args=[incident.pk, "eu.en"])).content.decode()
    text, size = notify.sample_sms(
        notice_in("en"), notify.Sample(kinds=("email",), basis="content", residence="FR", reader="self"), queries.company_of(incident)
    )

    assert "As a text message" in page
    assert size.n_segments >= 1
    assert "0000-0000-0000" in text
    assert NoticeRow.objects.filter(incident=incident).count() == 2
