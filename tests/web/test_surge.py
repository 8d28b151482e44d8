"""Who will get in touch?: the forecast and what came, and a pace that is chosen with a reason, passes no deadline and slows nobody in danger."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat.web.assess.models import AssessmentRow
from amanat.web.care import surge
from amanat.web.care.actions import open_case, say
from amanat.web.notify import actions as notices
from amanat.web.notify import pace, queries
from amanat.web.notify.models import ApprovalRow, SendingRow
from amanat.web.notify.pace_models import PaceRow
from amanat.web.respond import actions as respond
from amanat.web.respond import journal
from amanat.web.scope import people

from .test_approval import N, alice, countersign, fresh, incident, person, sign, story  # noqa: F401  fixtures
from .test_status import staff

pytestmark = pytest.mark.django_db
DESK = {"staff": "2", "hours": "8-20", "days": "mon-sun", "zone": "Europe/Paris", "service_level": "80/60"}


def choose(incident, *, per_hour=4, choice="follow_desk", why="Three of us answer."):  # noqa: F811
    desk = {"staff_n": 3, "hours": "8-20", "days": "mon-sun", "zone": "UTC", "service_level": "80/60"}
    return pace.choose(incident, choice=choice, per_hour={"email": per_hour}, desk=desk, why=why, by=staff("Alice"), now=timezone.now())


def due(incident, at, *, to="individuals", state="due"):  # noqa: F811
    duty = {"id": f"x.{to}", "to": to, "who": "persons", "state": state, "due_at": at.isoformat()}
    AssessmentRow.objects.create(incident=incident, content={"duties": [duty], "severity": {"band": "medium"}}, at=timezone.now())


def moments(incident):  # noqa: F811
    return list(SendingRow.objects.filter(incident=incident).order_by("next_attempt_at").values_list("next_attempt_at", flat=True))


def test_without_a_choice_everything_may_leave_at_once(incident, fresh):  # noqa: F811
    sign(fresh, incident)
    countersign(fresh, incident)
    assert moments(incident) == [None] * N


def test_a_chosen_pace_spreads_the_messages_evenly(incident, fresh):  # noqa: F811
    choose(incident, per_hour=4)
    sign(fresh, incident)
    countersign(fresh, incident)
    at = moments(incident)
    gaps = {(b - a).total_seconds() for a, b in pairwise(at)}
    assert len(at) == N and all(gap == pytest.approx(900, abs=0.01) for gap in gaps)  # four an hour


def test_no_pace_passes_the_deadline_to_the_persons_and_an_authoritys_is_not_theirs(incident, fresh):  # noqa: F811
    at = timezone.now() + timedelta(hours=5)
    due(incident, at)
    choose(incident, per_hour=4)  # forty would take ten hours
    sign(fresh, incident)
    countersign(fresh, incident)
    assert max(moments(incident)) <= at
    AssessmentRow.objects.filter(incident=incident).delete()
    due(incident, at, to="authority")
    choose(incident, per_hour=4)
    assert max(moments(incident)) > at


def test_a_deadline_that_is_over_or_our_own_patience_lets_nobody_wait(incident, fresh):  # noqa: F811
    due(incident, timezone.now() - timedelta(minutes=1))
    choose(incident, per_hour=1)
    sign(fresh, incident)
    countersign(fresh, incident)
    assert moments(incident) == [None] * N
    AssessmentRow.objects.filter(incident=incident).delete()
    approval = queries.standing_approval(incident)
    ApprovalRow.objects.filter(pk=approval.pk).update(approved_at=timezone.now() - timedelta(hours=40))
    choose(incident, per_hour=1)
    # 48 hours of patience began 40 hours ago, and did not begin anew with the choice.
    assert max(moments(incident)) <= timezone.now() + timedelta(hours=8)


def test_a_duty_that_is_not_settled_yet_counts_as_due_and_one_that_is_done_does_not(incident):  # noqa: F811
    at = timezone.now() + timedelta(hours=5)
    due(incident, at, state="undetermined")
    assert pace.deadline_of(incident) == at
    AssessmentRow.objects.filter(incident=incident).delete()
    due(incident, at, state="not_due")
    assert pace.deadline_of(incident) is None


def test_who_is_in_danger_waits_for_no_pace(incident, fresh):  # noqa: F811
    more = {"kinds": ("name", "card_with_code")}, {"minor": True}, {"needs": "a nurse comes daily"}
    people.load(incident, [*(person(n) for n in range(N)), *(person(100 + i, **given) for i, given in enumerate(more))])
    choose(incident, per_hour=4)
    sign(fresh, incident, typed=str(N + 3))
    countersign(fresh, incident, typed=str(N + 3))
    at_once = SendingRow.objects.filter(incident=incident, is_at_once=True)
    assert at_once.count() == 3 and set(at_once.values_list("next_attempt_at", flat=True)) == {None}
    assert SendingRow.objects.filter(incident=incident, next_attempt_at=None).count() == 3


def test_what_was_tried_before_keeps_its_own_moment(incident, fresh):  # noqa: F811
    sign(fresh, incident)
    countersign(fresh, incident)
    again = timezone.now() + timedelta(minutes=7)
    SendingRow.objects.filter(pk=SendingRow.objects.filter(incident=incident).first().pk).update(n_attempts=1, next_attempt_at=again)
    choose(incident, per_hour=40)
    assert again in moments(incident)
    choose(incident, choice="all_at_once", why="The desk was doubled.")
    assert [at for at in moments(incident) if at] == [again]


def test_after_a_stop_the_rest_is_spread_anew_and_does_not_gush(incident, fresh):  # noqa: F811
    choose(incident, per_hour=4)
    sign(fresh, incident)
    countersign(fresh, incident)
    approval = queries.standing_approval(incident)
    notices.stop(approval, by=staff("Alice"), now=timezone.now())
    late = timezone.now() + timedelta(hours=6)
    notices.go_on(ApprovalRow.objects.get(pk=approval.pk), by=staff("Alice"), now=late)
    assert min(moments(incident)) >= late


def test_a_deadline_that_moves_up_moves_the_messages_up_by_itself(incident, fresh):  # noqa: F811
    choose(incident, per_hour=4)
    sign(fresh, incident)
    countersign(fresh, incident)
    assert pace.hold_deadlines(now=timezone.now()) == 0
    at = timezone.now() + timedelta(hours=3)
    due(incident, at)
    assert pace.hold_deadlines(now=timezone.now()) == 1
    assert max(moments(incident)) <= at


def test_the_choice_stands_in_the_journal_with_its_reason(incident):  # noqa: F811
    choose(incident, why="Two of us are ill.")
    last = list(journal.entries(incident.pk))[-1]
    assert (last["act"], last["why"], last["what"]["per_hour"]) == ("pace.chosen", "Two of us are ill.", {"email": 4})


def test_roles_choose_and_a_viewer_looks_on(incident, fresh, staff_of):  # noqa: F811
    staff_of("eve")
    page = reverse("surge", args=[incident.pk])
    assert [fresh(name).get(page).status_code for name in ("Alice", "Charlie", "Eve")] == [200, 200, 404]
    given = {**DESK, "choice": "follow_desk", "why": "Because."}
    assert [fresh(name).post(page, given).status_code for name in ("Charlie", "Dana", "Eve")] == [403, 403, 404]
    assert not PaceRow.objects.exists()
    assert fresh("Bob").post(page, {**given, "why": " "}).status_code == 400
    assert fresh("Bob").post(page, {**given, "staff": ""}).status_code == 400  # nobody said how many we are
    assert fresh("Bob").post(page, given).status_code == 302
    assert (PaceRow.objects.get().by.name, PaceRow.objects.get().staff_n) == ("Bob", 2)


@pytest.mark.parametrize("wrong", [{"hours": "8-8"}, {"days": "mon-fryday"}, {"zone": "Mars/Crater"}, {"service_level": "101/5"}, {"staff": "-1"}])
def test_a_desk_that_cannot_be_is_said_beside_its_field_and_the_page_stands(incident, fresh, wrong):  # noqa: F811
    answer = fresh("Charlie").get(reverse("surge", args=[incident.pk]), {**DESK, **wrong})
    assert answer.status_code == 200
    assert answer.context["desk"].errors.keys() == wrong.keys()
    assert answer.context["surge"] is not None


def contact(incident, at):  # noqa: F811
    row = open_case(incident, None, urgency="other", channel="phone", now=at)
    say(row, {"subject": "", "text": "x", "sender": ""}, is_from_person=True, now=at)
    return row


def test_the_forecast_learns_from_the_cases_of_this_incident_alone(incident, fresh):  # noqa: F811
    sign(fresh, incident)
    countersign(fresh, incident)
    now = timezone.now()
    SendingRow.objects.filter(incident=incident).update(state="accepted", changed_at=now - timedelta(hours=200))
    other = respond.declare(title="Another", kind="phishing", by=staff("Alice"), now=now)
    for hours in (20, 30, 40, 50):
        contact(other, now - timedelta(hours=hours))
    asked = surge.Asked(staff=2)
    found = surge.surge_of(incident, asked, now=now)
    assert (found.n_came, found.seen.hours_so_far) == (0, 0.0)  # not one case ever came here: perhaps they call elsewhere
    mine = [contact(incident, now - timedelta(hours=hours)) for hours in (20, 30, 40, 250)]
    say(mine[0], {"subject": "", "text": "again", "sender": ""}, is_from_person=True, now=now - timedelta(hours=1))
    found = surge.surge_of(incident, asked, now=now)
    assert found.n_came == found.seen.contacts_so_far == 3  # one came before the first notice; a case that goes on is one contact
    assert found.seen.forecast.rate[1] > 0.03
    assert sum(found.came.values()) == 3


def test_the_pages_of_signing_and_of_sending_ask_for_the_forecast_and_get_the_part_alone(incident, fresh):  # noqa: F811
    address = reverse("surge", args=[incident.pk])
    assert f'hx-get="{address}"' in fresh("Charlie").get(reverse("approve", args=[incident.pk])).content.decode()
    part = fresh("Charlie").get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "surge-part" in part and "style=" not in part
    sign(fresh, incident)
    countersign(fresh, incident)
    assert f'hx-get="{address}"' in fresh("Charlie").get(reverse("sending", args=[incident.pk])).content.decode()


@pytest.mark.parametrize("language", ["en", "fr", "fa"])
def test_the_page_opens_in_each_language_with_a_picture_and_its_table(incident, fresh, language):  # noqa: F811
    type(staff("Alice")).objects.filter(name="Alice").update(language=language)
    text = fresh("Alice").get(reverse("surge", args=[incident.pk]), DESK).content.decode()
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="surge"' in text
    assert ("۹۰" in text) == (language == "fa")  # 90 of 100 incidents


def test_a_list_that_is_still_being_counted_is_not_called_empty(incident, fresh, monkeypatch):  # noqa: F811
    from amanat.web.notify import plans

    monkeypatch.setattr(plans, "AT_ONCE", 10)
    text = fresh("Charlie").get(reverse("surge", args=[incident.pk])).content.decode()
    assert "The list is being counted." in text and "Nobody is on the list yet." not in text
