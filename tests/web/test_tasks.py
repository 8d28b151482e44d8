"""Runs: the table is the truth, jobs are only its doorbell."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amanat.web import intake, tasks
from amanat.web.respond import actions, journal
from amanat.web.respond.models import Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(staff_of, tmp_path):
    return actions.declare(title="Practice", kind="data_breach", by=staff_of("alice"), now=timezone.now(), folder=str(tmp_path / "no-story"))


def jobs():
    from procrastinate.contrib.django.models import ProcrastinateJob

    return list(ProcrastinateJob.objects.filter(task_name="run_incident", status="todo").values_list("args", flat=True))


def test_asking_twice_gives_one_run_and_one_job(incident, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = actions.ask_for_run(incident, by=incident.declared_by, now=timezone.now())
        second = actions.ask_for_run(incident, by=incident.declared_by, now=timezone.now())

    assert first == second
    assert jobs() == [{"run_id": str(first.pk)}]


def test_a_run_is_claimed_once_while_its_worker_lives(incident):
    run = actions.ask_for_run(incident, by=None, now=timezone.now())

    assert tasks.claim(run.pk) == run
    assert tasks.claim(run.pk) is None
    Run.objects.update(alive_at=timezone.now() - timedelta(minutes=3))  # its worker was killed
    assert tasks.claim(run.pk) == run


def test_the_sweep_rings_for_what_nobody_works_on(incident, django_capture_on_commit_callbacks):
    run = actions.ask_for_run(incident, by=None, now=timezone.now())  # and its job is lost
    with django_capture_on_commit_callbacks(execute=True):
        assert tasks.ring_for_unfinished() == 1
    assert jobs() == [{"run_id": str(run.pk)}]

    tasks.claim(run.pk)
    assert tasks.ring_for_unfinished() == 0
    Run.objects.update(state="done")
    assert tasks.ring_for_unfinished() == 0


def test_a_run_that_kills_its_worker_each_time_is_given_up_with_a_sentence_and_leaves_nothing_of_persons(incident, settings, tmp_path):
    settings.DATA = tmp_path
    left = tmp_path / "cases" / str(incident.pk) / intake.HITS / "part.arrow"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"keyed hashes")
    run = actions.ask_for_run(incident, by=None, now=timezone.now())
    for _ in range(3):
        assert tasks.claim(run.pk)
        Run.objects.update(alive_at=timezone.now() - timedelta(minutes=3))

    assert tasks.claim(run.pk) is None
    run.refresh_from_db()
    assert run.state == "failed"
    assert "begun 3 times" in run.sentence and not left.exists()


@pytest.mark.django_db(transaction=True)
def test_a_missing_folder_becomes_a_sentence_that_somebody_can_act_on(incident):
    run = actions.ask_for_run(incident, by=incident.declared_by, now=timezone.now())
    tasks.run_incident.func(None, run_id=str(run.pk))

    run.refresh_from_db()
    assert run.state == "failed"
    assert "no-story" in run.sentence
    assert [e["act"] for e in journal.entries(incident.pk)][-1] == "run.failed"


def test_the_folder_of_a_run_is_cleared_of_persons(tmp_path):
    for name in (*intake.PERSONAL, "assessment.json"):
        (tmp_path / name).write_text("x")
    (tmp_path / "hits").mkdir()
    for name in ("parts.jsonl", "0.parquet"):
        (tmp_path / "hits" / name).write_text("x")
    intake.clear(tmp_path)

    assert [p.name for p in tmp_path.iterdir()] == ["assessment.json"]


def test_the_folder_of_a_run_that_was_never_begun_is_cleared_without_complaint(tmp_path):
    intake.clear(tmp_path / "not-there")

    assert not list(tmp_path.iterdir())
