"""The plan is counted once for the screens, and made anew when somebody signs or when something behind it changes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.notify import plans, queries
from amanat.web.notify.models import ApprovalRow, PlanCount, SendingRow
from amanat.web.respond import actions as respond
from amanat.web.scope import people
from amanat.web.scope.models import AffectedPerson

from .test_approval import N, alice, countersign, fresh, incident, notice_in, person, sign, story  # noqa: F401  fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def decrypted(monkeypatch):
    """How many persons were decrypted."""
    n = []
    honest = plans.reveal_many

    def counting(incident, rows):  # noqa: F811
        for one in honest(incident, rows):
            n.append(1)
            yield one

    monkeypatch.setattr(plans, "reveal_many", counting)
    return n


def test_the_second_view_decrypts_nobody(incident, fresh, decrypted):  # noqa: F811
    fresh("Bob").get(reverse("approve", args=[incident.pk]))
    assert len(decrypted) == N
    page = fresh("Bob").get(reverse("approve", args=[incident.pk])).content.decode()

    assert len(decrypted) == N
    assert f"<dd>{N}</dd>" in page
    assert PlanCount.objects.count() == 1


def test_what_is_kept_is_what_was_counted(incident):  # noqa: F811
    first = plans.counts_of(incident, now=timezone.now())
    assert plans.counts_of(incident, now=timezone.now()) == first
    assert first.channel == [("email", N)]
    assert first.place == [("FR", N)]
    assert sorted(first.language) == [("en", N // 2), ("fr", N // 2)]
    assert first.notices == {"eu.en": N // 2, "eu.fr": N // 2}


def test_no_person_is_in_what_is_kept(incident):  # noqa: F811
    plans.counts_of(incident, now=timezone.now())
    kept = str(PlanCount.objects.values().get())

    for row in AffectedPerson.objects.all():
        assert str(row.pk) not in kept
    assert "Guest" not in kept
    assert "@" not in kept


@pytest.mark.parametrize("change", ["more", "fewer", "other", "text", "row"])
def test_every_change_behind_it_counts_anew(incident, change, decrypted):  # noqa: F811
    from amanat.web.notify.actions import take_in

    before = plans.counts_of(incident, now=timezone.now())
    decrypted.clear()
    if change == "more":
        people.load(incident, [person(n) for n in range(N + 1)])
    elif change == "fewer":
        people.load(incident, [person(n) for n in range(N - 1)])
    elif change == "other":
        people.load(incident, [person(n) for n in range(1, N + 1)])
    elif change == "text":
        take_in(incident, notices=[notice_in("en", "Other words.")], findings={}, by=None, now=timezone.now())
    else:
        AffectedPerson.objects.filter(pk=AffectedPerson.objects.first().pk).update(letter_group="")
    after = plans.counts_of(incident, now=timezone.now())

    assert decrypted
    assert (after.notices_hash, after.recipients_hash) != (before.notices_hash, before.recipients_hash)


def test_a_count_that_lies_signs_nothing_and_sends_nothing(incident, fresh):  # noqa: F811
    sign(fresh, incident)
    approval = queries.standing_approval(incident)
    fresh("Bob").get(reverse("approve", args=[incident.pk]))
    # Somebody changes a person behind the back of the count, and makes the count say that nothing changed.
    AffectedPerson.objects.filter(pk=AffectedPerson.objects.first().pk).update(letter_group="")
    PlanCount.objects.update(key=plans._state_of(incident))
    assert plans.counts_of(incident, now=timezone.now()).covers(approval)

    countersign(fresh, incident)
    approval.refresh_from_db()
    assert approval.approver is None
    assert SendingRow.objects.count() == 0


def test_a_long_list_is_counted_by_a_worker_while_the_page_says_so(incident, fresh, monkeypatch, decrypted):  # noqa: F811
    from amanat.web.notify import tasks

    monkeypatch.setattr(plans, "AT_ONCE", N - 1)
    page = fresh("Bob").get(reverse("approve", args=[incident.pk])).content.decode()
    assert "The list is being counted." in page
    assert not decrypted
    waits = fresh("Bob").get(reverse("approve", args=[incident.pk]), headers={"HX-Request": "true"})
    assert (waits.status_code, waits.headers.get("HX-Refresh")) == (204, None)

    tasks.count_plan.func(str(incident.pk))
    assert fresh("Bob").get(reverse("approve", args=[incident.pk]), headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert f"({N})" in fresh("Bob").get(reverse("approve", args=[incident.pk])).content.decode()


def test_batches_do_not_change_the_list(incident, monkeypatch):  # noqa: F811
    whole = plans.planned(incident).counts
    monkeypatch.setattr(plans, "BATCH", 7)
    assert plans.planned(incident).counts == whole


def test_after_the_persons_were_erased_no_old_count_is_shown(incident, fresh, alice):  # noqa: F811
    plans.counts_of(incident, now=timezone.now())
    respond.erase_people(incident, by=alice, now=timezone.now(), why="asked for")
    page = fresh("Bob").get(reverse("approve", args=[incident.pk])).content.decode()

    assert "The persons of this incident were erased." in page
    assert "data-arm" not in page
    assert fresh("Bob").get(reverse("reach", args=[incident.pk])).status_code == 200
    assert fresh("Bob").get(reverse("notice_samples", args=[incident.pk, "eu.en"])).status_code == 200
    assert ApprovalRow.objects.count() == 0
