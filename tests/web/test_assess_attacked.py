"""Pages of duties, questions, costs, controllers and forms under forged posts: nothing breaks them, nothing crosses incidents."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from amanat import assess
from amanat.web.assess import actions as assess_actions
from amanat.web.assess.controllers_models import ControllerTold, Kit, KitRun
from amanat.web.assess.models import CalendarKey, DutyDecision
from amanat.web.assess.money_models import MoneyChange
from amanat.web.notify.forms_models import FormEntryRow, SubmissionRow
from amanat.web.respond import actions as respond_actions
from tests.assess.stories import exposures_of, facts_of
from tests.web.test_trust import browser_of

DUTY = "eu-gdpr.authority"
ODD_MOMENTS = ("0001-01-01T00:00", "9999-12-31T23:59", "0000-00-00T00:00", "2026-03-29T02:30", "x" * 5000)


@pytest.fixture
def alice(as_staff, incident):
    return browser_of(as_staff, "alice")


@pytest.fixture
def incident(db, staff_of, now):
    """Of Alice alone; Bob leads another one with the same duties."""
    return assessed("Guest database on sale", staff_of("alice"), now)


@pytest.fixture
def bob(staff_of):
    return staff_of("bob")


@pytest.fixture
def other(bob, now):
    return assessed("Another", bob, now)


def assessed(title, by, now):
    one = respond_actions.declare(title=title, kind="data_breach", by=by, now=now)
    people = exposures_of((90, "FR", ["email", "national_id"], "sure"), (10, "US-CA", ["name", "ssn"], "sure"))
    facts = facts_of(role="controller", establishments=["FR"], main_establishment="FR", encrypted="no", acquired=True, accessed=True)
    content = assess.assessment_as_json(assess.assess(facts, exposures=people, now=now))
    assess_actions.take_in(one, content=content, scope=None, now=now, counted=assess.count_persons(people))
    respond_actions.note_fact(one, name="awareness", value=now.isoformat(), status="known", source="test", by=by, now=now)
    return one


def holds(answer):
    """A page, a redirect, or a refusal: never a fault of ours."""
    assert answer.status_code < 500, answer.content[:400]
    return answer


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "<script>alert(1)</script>" * 400, "\u202egpj.exe"]
)
def test_odd_texts_are_kept_or_refused_and_never_break_a_page(alice, incident, text):
    holds(alice.post(reverse("decide_duty", args=[incident.pk]), {"duty": DUTY, "decision": "not_required", "why": text, "back": "duty"}))
    holds(alice.post(reverse("decide_duty", args=[incident.pk]), {"duty": text, "decision": "done", "done_at": "", "late_why": text}))
    holds(alice.post(reverse("money_input", args=[incident.pk, "letter_cost"]), {"shape": "fixed", "value": "1", "why": text}))
    holds(alice.post(reverse("answer_question", args=[incident.pk, "cause"]), {"cause-value": text, "cause-status": "known", "cause-source": text}))
    holds(alice.post(reverse("form_field", args=[incident.pk, "gdpr_art33", "nature"]), {"value": text, "why": text}))
    holds(alice.post(reverse("take_kit", args=[incident.pk, "ours"]), {"why": text}))
    holds(alice.post(reverse("calendar_keys"), {"name": text}))
    holds(alice.post(reverse("form_hand_in", args=[incident.pk, "gdpr_art33"]), {"submitted_at": "2026-03-01T10:00", "reference": text}))
    for row in SubmissionRow.objects.all():
        holds(alice.post(reverse("form_number", args=[incident.pk, row.pk]), {"reference": text}))
    for name in ("duties", "decided_duties", "questions", "money", "controllers", "forms", "world", "incident_calendar"):
        page = holds(alice.get(reverse(name, args=[incident.pk]))).content.decode()
        assert "<script>alert(1)" not in page
    assert "<script>alert(1)" not in holds(alice.get(reverse("duty", args=[incident.pk, DUTY]))).content.decode()
    assert "<script>alert(1)" not in holds(alice.get(reverse("form", args=[incident.pk, "gdpr_art33"]))).content.decode()


@pytest.mark.parametrize("at", ODD_MOMENTS)
def test_odd_moments_are_refused_and_never_break_a_page(alice, incident, at):
    holds(alice.post(reverse("decide_duty", args=[incident.pk]), {"duty": DUTY, "decision": "done", "done_at": at, "late_why": "late"}))
    holds(alice.post(reverse("decide_duty", args=[incident.pk]), {"duty": DUTY, "decision": "required", "why": "why", "due_at": at}))
    holds(alice.post(reverse("form_hand_in", args=[incident.pk, "gdpr_art33"]), {"submitted_at": at, "reference": ""}))
    holds(alice.post(reverse("form_field", args=[incident.pk, "gdpr_art33", "happened_at"]), {"value": at, "why": ""}))
    holds(alice.post(reverse("form_field", args=[incident.pk, "gdpr_art33", "persons_told_at"]), {"value": at[:10], "why": ""}))
    holds(
        alice.post(
            reverse("answer_question", args=[incident.pk, "occurrence"]),
            {"occurrence-value": at, "occurrence-status": "known", "occurrence-since": at},
        )
    )
    holds(
        alice.post(reverse("await_fact", args=[incident.pk, "occurrence"]), {"wait-occurrence-owner": str(uuid4()), "wait-occurrence-known_by": at})
    )
    for name in ("duties", "questions", "money", "forms", "incident_calendar"):
        holds(alice.get(reverse(name, args=[incident.pk]), {"at": at}))
    holds(alice.get(reverse("duty", args=[incident.pk, DUTY]), {"at": at}))
    for name in ("form", "form_pdf", "form_json"):
        holds(alice.get(reverse(name, args=[incident.pk, "gdpr_art33"]), {"phase": at, "lang": at}))
    holds(alice.get(reverse("deadlines")))


@pytest.mark.parametrize("number", ["1e308", "nan", "9" * 400])
def test_odd_numbers_are_refused_and_the_page_of_costs_stands(alice, incident, number):
    name = "letter_cost"
    holds(alice.post(reverse("money_input", args=[incident.pk, name]), {"shape": "fixed", "value": number, "why": "why"}))
    holds(alice.post(reverse("money_input", args=[incident.pk, name]), {"shape": "lognormal", "low": "1e-300", "high": number, "why": "why"}))

    page = holds(alice.get(reverse("money", args=[incident.pk]))).content.decode()
    assert not re.search(r">\s*(nan|inf)\b", page)


def test_nothing_of_another_incident_can_be_read_or_changed_through_our_own(alice, incident, other, bob):
    run = KitRun.objects.create(incident=other, asked_at=timezone.now(), asked_by=bob, state="done")
    kit = Kit(run=run, controller="shop", name="Shop", n_sure=0, n_review=0, n_outsiders=0, n_unclear=0, n_gaps=0, duties=[], because_of="")
    kit.secret = other.keys().encrypt({"zip": ""}, place="assess_kit.secret", row=kit.pk)
    kit.save()
    submission = SubmissionRow.objects.create(
        incident=other,
        form="gdpr_art33",
        version=1,
        phase="initial",
        language="en",
        document={},
        submitted_at=timezone.now(),
        reference="",
        by=bob,
        at=timezone.now(),
    )
    key = CalendarKey.objects.create(staff=bob, name="phone", key_hash=b"x", made_at=timezone.now())

    ours = incident.pk
    for address, given in (
        (reverse("take_kit", args=[ours, "shop"]), {"why": "why"}),
        (reverse("controller_told", args=[ours, "shop"]), {"shop-told_at": "2026-03-01T10:00", "shop-how": "by phone"}),
        (reverse("form_number", args=[ours, submission.pk]), {"reference": "X"}),
        (reverse("end_calendar_key", args=[key.pk]), {}),
    ):
        assert alice.post(address, given).status_code == 404, address
    assert alice.get(reverse("form_sent", args=[ours, submission.pk])).status_code == 404
    owned = {"duty": DUTY, "decision": "owned", "owner": str(bob.pk)}
    assert alice.post(reverse("decide_duty", args=[ours]), owned).status_code == 400
    wait = {"wait-cause-owner": str(bob.pk), "wait-cause-known_by": "2027-01-01T10:00"}
    holds(alice.post(reverse("await_fact", args=[ours, "cause"]), wait))

    submission.refresh_from_db(), key.refresh_from_db()
    assert (submission.reference, key.ended_at) == ("", None)
    assert not ControllerTold.objects.exists() and not DutyDecision.objects.exists() and not FormEntryRow.objects.exists()


@pytest.mark.parametrize(
    ("name", "more", "given"),
    [
        ("decide_duty", [], {"duty": DUTY, "decision": "done"}),
        ("assess_again", [], {}),
        ("answer_question", ["cause"], {"cause-value": "x"}),
        ("await_fact", ["cause"], {}),
        ("money_input", ["letter_cost"], {"shape": "fixed", "value": "1", "why": "w"}),
        ("make_kits", [], {}),
        ("take_kit", ["ours"], {"why": "w"}),
        ("form_field", ["gdpr_art33", "nature"], {"value": "x"}),
        ("form_hand_in", ["gdpr_art33"], {"submitted_at": "2026-03-01T10:00"}),
    ],
)
def test_who_is_no_member_changes_nothing_and_learns_nothing(as_staff, incident, bob, name, more, given):
    stranger = browser_of(as_staff, "bob")
    missing = reverse(name, args=[uuid4(), *more])

    answer = stranger.post(reverse(name, args=[incident.pk, *more]), given)

    assert (answer.status_code, answer.content) == (404, stranger.post(missing, given).content)
    assert not MoneyChange.objects.exists() and not DutyDecision.objects.exists()
