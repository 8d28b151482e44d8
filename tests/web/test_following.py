"""A second message to persons whom we wrote to: each reads what changed since the one that reached them last, and the list stays as it was signed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amanat.terms.notice import Sentence
from amanat.web.notify import actions, plans, queries
from amanat.web.notify.models import NoticeRow, ReceiptRow, SendingRow
from amanat.web.respond.promise_models import PromiseRow

from .test_approval import N, alice, countersign, fresh, incident, notice_in, sign, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


def rewritten(language, text, letter_group="eu"):
    """The notice with another sentence about what happened."""
    from dataclasses import replace

    notice = notice_in(language)
    happened = replace(notice.sections[0], id="what_happened", sentences=(Sentence(text=text, facts=("what_happened",)),))
    return replace(notice, sections=(happened, *notice.sections[1:]))


def take_in(incident, **texts):  # noqa: F811
    actions.take_in(incident, notices=[rewritten(name, text) for name, text in texts.items()], findings={}, by=None, now=timezone.now())


def reached(rows, *, at, state="delivered"):
    """These sendings reached their persons."""
    for row in rows:
        SendingRow.objects.filter(pk=row.pk).update(state=state, changed_at=at)
        ReceiptRow.objects.create(sending=row, state=state, at=at)


def assigned(incident):  # noqa: F811
    """By person, the notice that they get now."""
    plan = plans.planned(incident).plan.sendings.to_pylist()
    return {row["person_id"]: row["notice_id"] for row in plan}


@pytest.fixture
def told_twice(incident, fresh):  # noqa: F811
    """The first text reached the first half, the second the whole rest; then a third was written."""
    take_in(incident, en="Attackers entered through a door.", fr="Des attaquants sont entrés par une porte.")
    sign(fresh, incident)
    countersign(fresh, incident)
    persons = sorted(SendingRow.objects.filter(turn=0).values_list("person", flat=True))
    first, second = persons[: N // 2], persons[N // 2 :]
    reached(SendingRow.objects.filter(person__in=first, turn=0), at=timezone.now())
    take_in(incident, en="Attackers entered through a window.", fr="Des attaquants sont entrés par une fenêtre.")
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)
    reached(SendingRow.objects.filter(approval=approval, person__in=second, turn=0), at=timezone.now())
    take_in(incident, en="Attackers entered through the roof.", fr="Des attaquants sont entrés par le toit.")
    return incident, {str(one) for one in first}, {str(one) for one in second}


def text_of(notice_id):
    content = NoticeRow.objects.filter(notice_id=notice_id).latest("version").content
    return [s["text"] for section in content["sections"] if section["id"] == "what_changed" for s in section["sentences"]]


def test_two_persons_who_last_read_different_versions_read_different_sections(told_twice):
    incident, first, second = told_twice  # noqa: F811
    gets = assigned(incident)

    assert set(gets) == first | second and len(gets) == N
    for person, was in [(one, "door") for one in first] + [(one, "window") for one in second]:
        if not gets[person].endswith(".en"):
            continue
        assert text_of(gets[person])[1:] == [
            f"We wrote then: “Attackers entered through a {was}.”",
            "This is how it is now: Attackers entered through the roof.",
        ]
    assert {gets[one] for one in first}.isdisjoint({gets[one] for one in second})
    assert all("-since-" in notice_id for notice_id in gets.values())


def test_whom_nothing_reached_gets_the_whole_text_without_such_a_section(incident, fresh):  # noqa: F811
    take_in(incident, en="Attackers entered through a door.", fr="Des attaquants sont entrés par une porte.")
    sign(fresh, incident)
    countersign(fresh, incident)
    one, *others = SendingRow.objects.filter(turn=0).order_by("person")
    reached([one], at=timezone.now())
    reached([others[0]], at=timezone.now(), state="delivered")
    ReceiptRow.objects.create(sending=others[0], state="bounced", at=timezone.now())  # it came back before we wrote again
    take_in(incident, en="Attackers entered through a window.", fr="Des attaquants sont entrés par une fenêtre.")

    gets = assigned(incident)
    assert [person for person, notice_id in gets.items() if "-since-" in notice_id] == [str(one.person_id)]


def test_what_arrives_or_comes_back_while_it_is_sent_does_not_change_the_list_that_was_signed(told_twice, fresh):  # noqa: F811
    incident, first, _second = told_twice  # noqa: F811
    before = plans.planned(incident).recipients_hash
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)
    reached(SendingRow.objects.filter(approval=approval, turn=0)[:3], at=timezone.now())
    late = SendingRow.objects.filter(person__in=first).exclude(approval=approval).first()
    ReceiptRow.objects.create(sending=late, state="bounced", at=timezone.now() + timedelta(seconds=1))

    assert plans.planned(incident).recipients_hash == before and plans.planned(incident).covers(approval)


def test_texts_that_nobody_needs_any_more_are_not_signed(told_twice):
    incident, _first, _second = told_twice  # noqa: F811
    groups = {row.letter_group for row in queries.letters(incident)}

    # Two versions in two languages, and the text itself; the one that was written for the second text is not among them.
    assert "eu" in groups and len(groups) == 5
    assert NoticeRow.objects.filter(incident=incident, letter_group__contains="-since-").count() > 4


# ---- the last letter ----


@pytest.fixture
def last(told_twice, fresh):  # noqa: F811
    """Two persons were never reached; a promise was broken; the last letter is kept from the page of texts."""
    from django.urls import reverse

    incident, first, _second = told_twice  # noqa: F811
    unreached = sorted(first)[:2]
    ReceiptRow.objects.filter(sending__person__in=unreached).delete()
    PromiseRow.objects.create(
        incident=incident, key="1", kind="measure", words={"en": "We replace every key."}, made_in="notice", made_at=timezone.now(),
        due_at=timezone.now() - timedelta(days=1), owner=incident.declared_by, state="broken", settled_at=timezone.now(),
    )  # fmt: skip
    answer = fresh("Alice").post(reverse("keep_other_texts", args=[incident.pk]), {"for": "told"}, follow=True)
    assert "Everyone who was told gets this letter" in answer.content.decode()
    return incident, unreached


def test_the_last_letter_goes_to_everyone_who_was_told_and_to_nobody_else(last):
    incident, unreached = last  # noqa: F811
    gets = assigned(incident)

    assert len(gets) == N
    # Whom nothing reached yet is still owed their first letter.
    assert {person for person, notice_id in gets.items() if not notice_id.startswith("last_letter.")} == set(unreached)


def test_the_last_letter_takes_first_the_channel_that_reached_the_person(last):
    incident, _unreached = last  # noqa: F811
    person = next(person for person, notice_id in assigned(incident).items() if notice_id.startswith("last_letter."))
    reached_by = ReceiptRow.objects.filter(sending__person=person).latest("at").sending.channel
    channels = {row["person_id"]: row["channel"] for row in plans.planned(incident).plan.sendings.to_pylist()}

    assert channels[person] == reached_by == "email"


def test_two_people_sign_the_last_letter_and_it_names_the_broken_promise(last, fresh):  # noqa: F811
    incident, _unreached = last  # noqa: F811
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)

    assert approval.approver.name == "Bob"
    assert SendingRow.objects.filter(approval=approval, turn=0, notice__letter_group="last_letter").count() == N - 2
    content = NoticeRow.objects.get(incident=incident, notice_id="last_letter.en").content
    assert any(s["text"].startswith("Not kept: We replace every key.") for section in content["sections"] for s in section["sentences"])
