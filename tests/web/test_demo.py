"""The demonstration: what it makes, that it makes nothing twice, and that its moved clock stays its own."""

from datetime import datetime, timedelta, timezone

import pytest
from django.utils import timezone as django_timezone

from amanat.web.demo import STAFF, STEPS, live, note_step, persons, step_in_words
from amanat.web.demo.clock import PastClock, lived_by
from amanat.web.detect.models import AlertRow, HandedIn
from amanat.web.detect.tasks import read_handed_in
from amanat.web.respond.models import CarriedAlert, Incident, Run
from amanat.web.respond.queries import facts_that_count

AT = datetime(2026, 4, 24, 9, 0, tzinfo=timezone.utc)


@pytest.fixture
def staff(staff_of):
    return {key: staff_of(key) for key, *_more in STAFF}


def n_jobs():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("select count(*) from procrastinate_jobs")
        return cursor.fetchone()[0]


def test_the_clock_of_the_past_is_put_forward_and_never_back():
    clock = PastClock(AT)
    assert AT + timedelta(days=2) <= clock.put_to(AT + timedelta(days=2)) < AT + timedelta(days=2, minutes=1)
    assert clock.put_to(AT) >= AT + timedelta(days=2)


@pytest.mark.django_db(transaction=True)
def test_what_is_done_in_the_past_is_dated_then_and_rings_for_no_worker(staff, tmp_path):
    from amanat.web.respond import actions

    before, began = n_jobs(), django_timezone.now()
    with lived_by(PastClock(AT)):
        assert abs(django_timezone.now() - AT) < timedelta(minutes=1)
        incident = actions.declare(title="then", kind="data_breach", by=staff["author"], now=django_timezone.now(), is_drill=True)
        actions.ask_for_run(incident, by=staff["author"], now=django_timezone.now())
    assert n_jobs() == before
    assert abs(Run.objects.get().asked_at - AT) < timedelta(minutes=1)
    assert django_timezone.now() >= began
    actions.ask_for_run(incident, by=staff["author"], now=django_timezone.now())  # the same run waits: nothing rings
    Run.objects.update(state="done")
    actions.ask_for_run(incident, by=staff["author"], now=django_timezone.now())
    assert n_jobs() == before + 1  # today's jobs reach the workers again


def test_a_story_that_was_cut_off_is_made_anew_and_a_whole_one_is_left_alone(tmp_path):
    story, half = tmp_path / "demo" / "story", tmp_path / "demo" / "story.half"
    half.mkdir(parents=True)
    (half / "facts.toml").write_text("half of it")
    live.make_story(story, persons=100, at=AT)
    assert (story / "traces" / "truth.toml").exists() and not half.exists()
    (story / "mine").write_text("kept")
    live.make_story(story, persons=100, at=AT + timedelta(days=1))
    assert (story / "mine").exists()


@pytest.mark.story
def test_the_incident_is_opened_from_what_mail_and_logs_show_and_carries_it(staff, tmp_path, settings):
    settings.DATA, settings.IS_DEMO = tmp_path, True
    story = tmp_path / "demo" / "story"
    live.make_story(story, persons=100, at=AT)
    rows = live.hand_in_traces(story / "traces", by=staff["author"], now=AT)
    for row in rows:
        read_handed_in(str(row.pk))
    assert {row.pk for row in live.hand_in_traces(story / "traces", by=staff["author"], now=AT)} == {row.pk for row in rows}
    live.wait_for(rows, seconds=1)
    incident = live.open_incident(story, rows, staff, clock=django_timezone.now)

    assert (incident.kind, incident.is_drill, incident.folder) == ("data_breach", True, str(story))
    assert live.found(tmp_path) == incident and live.is_being_read(incident)
    carried = {(alert.kind, alert.severity) for alert in CarriedAlert.objects.filter(incident=incident)}
    assert ("data_breach", "critical") in carried
    assert {severity for _kind, severity in carried} <= {"critical", "high"}
    entities = {alert.opened()["entity"]["value"] for alert in CarriedAlert.objects.filter(incident=incident)}
    assert "karvan-hote1s.example" in entities  # the lure's domain, with the rest
    assert CarriedAlert.objects.count() == AlertRow.objects.filter(severity__in=("critical", "high")).count()
    # Three hours and ten minutes before the company became aware, as its own people say.
    detected = facts_that_count(incident)["detection"]
    assert (detected.status, detected.value) == ("known", AT - timedelta(hours=3, minutes=10))


@pytest.mark.django_db
def test_what_cannot_be_read_is_said_and_opens_nothing(staff):
    row = HandedIn(what="logs", at=AT, by=staff["author"], state="failed", sentence="it is empty")
    with pytest.raises(live.NotRead, match="logs could not be read: it is empty"):
        live.wait_for([row])
    assert not Incident.objects.exists()


def test_days_are_in_order_and_the_same_for_the_same_seed(tmp_path):
    import random

    story = tmp_path / "story"
    live.make_story(story, persons=400, at=AT, excess_churn=0.08)
    since = AT + timedelta(hours=60)
    first, second = (persons.days(story, random.Random(3), since=since) for _ in range(2))
    assert first == second and len(first) > 10
    assert [day.at for day in first] == sorted(day.at for day in first) and first[0].at > since
    assert len({(day.person_id, day.at.date()) for day in first}) == len(first)


def test_answers_of_the_practice_company_stand_on_our_scales():
    assert persons._as_asked({"nps": 9.0, "csat": 4.0, "trust_honesty": 7.0}) == {
        "nps": 9,
        "csat": 4,
        "benevolence": None,
        "integrity": 5,
        "competence": None,
    }
    assert persons._as_asked({"trust_honesty": 1.0})["integrity"] == 1


def test_the_pages_say_what_is_being_prepared_until_all_is_there(tmp_path, settings):
    settings.DATA = tmp_path
    assert step_in_words() == STEPS["waits"]
    note_step("lived")
    assert step_in_words() == STEPS["lived"]
    note_step("")
    assert step_in_words() == ""


def test_a_rounded_number_in_a_reason_is_written_in_the_digits_of_the_page():
    from django.utils import translation

    from amanat.web.detect.queries import in_words

    says = "%(n)s requests within one minute; the middle client here has %(usual)s at most."
    with translation.override("fa"):
        said = in_words(says, {"n": 1200, "usual": "2.4"})
    assert "۱٬۲۰۰" in said and "۲٫۴" in said and "2.4" not in said
