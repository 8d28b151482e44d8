"""A drill's score: what is late, missed or told without cause costs points, and what cannot be said is not counted."""

import json
from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat import drill as drilling
from amanat import prepare
from amanat.__main__ import load
from amanat.terms.drill import Deadline, Drill, Persons, Step

AWARE = datetime(2026, 11, 13, 18, 40, tzinfo=timezone.utc)
ALL_TOLD = Persons(n_affected=1000, n_told=1000, missed={}, n_wrongly_told=0)


def after(hours):
    return AWARE + timedelta(hours=hours)


def a_drill(**changed):
    given = {
        "story": "Karvan",
        "aware_at": AWARE,
        "declared_at": after(0.5),
        "known_at": after(2),
        "written_at": after(3),
        "approved_at": after(5),
        "told_at": after(6),
        "ended_at": after(7),
        "speed": 60,
        "steps": (Step(name="declare", minutes=30, is_measured=True),),
        "deadlines": (Deadline(duty="eu-gdpr.authority", to="authority", due_at=after(72), done_at=after(7)),),
        "persons": ALL_TOLD,
        "n_planned": 1000,
        "gaps_listed": frozenset(),
        "gaps_expected": None,
    }
    return Drill(**{**given, **changed})


def points_of(drill):
    return {m.name: m.points for m in prepare.score_drill(drill).measures}


def test_a_day_without_fault_gets_every_point_that_can_be_counted():
    score = prepare.score_drill(a_drill())
    # 10 + 15 + 20 + 25 + 15 + 10; nobody says which files cannot be opened, so 5 are not counted
    assert (score.points, score.points_max, score.lessons) == (95, 95, ())


@pytest.mark.parametrize(
    ("changed", "measure", "points"),
    [
        ({"declared_at": after(1)}, "declare", 10),
        ({"declared_at": after(2.5)}, "declare", 5),  # half-way between one hour and four
        ({"declared_at": after(9)}, "declare", 0),
        ({"known_at": after(15)}, "know", 7.5),  # half-way between 6 and 24
        ({"told_at": after(48)}, "tell", 10),  # half-way between 24 and 72
        ({"told_at": None}, "tell", 0),
        ({"persons": Persons(n_affected=1000, n_told=975, missed={"review": 25}, n_wrongly_told=0)}, "missed", 7.5),  # 2.5 of 5 %
        ({"persons": Persons(n_affected=1000, n_told=1000, missed={}, n_wrongly_told=10)}, "wrongly_told", 5),  # 1 of 2 %
        ({"gaps_expected": frozenset("ab"), "gaps_listed": frozenset("a")}, "gaps", 2.5),
        ({"persons": None}, "missed", None),
    ],
)
def test_points_fall_evenly_between_the_two_limits(changed, measure, points):
    assert points_of(a_drill(**changed))[measure] == pytest.approx(points)


def test_a_deadline_is_missed_a_second_after_and_met_on_the_instant():
    def one(done):
        return a_drill(deadlines=(Deadline(duty="x.authority", to="authority", due_at=after(72), done_at=done),))

    assert points_of(one(after(72)))["deadlines"] == 25
    assert points_of(one(after(72) + timedelta(seconds=1)))["deadlines"] == 0
    assert points_of(one(None))["deadlines"] == 0
    assert ("deadline_missed", {"duty": "x.authority"}) in prepare.score_drill(one(None)).lessons


def test_a_duty_without_a_fixed_instant_is_neither_met_nor_missed():
    drill = a_drill(deadlines=(Deadline(duty="x.individuals", to="individuals", due_at=None, done_at=after(6)),))
    assert points_of(drill)["deadlines"] is None


@given(st.floats(0, 200), st.floats(0, 200))
def test_telling_later_never_gains_points(one, other):
    early, late = sorted((one, other))
    assert points_of(a_drill(told_at=after(early)))["tell"] >= points_of(a_drill(told_at=after(late)))["tell"]


def test_lessons_come_in_three_languages_and_say_what_lost_most_first():
    drill = a_drill(declared_at=after(2), told_at=None, persons=Persons(n_affected=9, n_told=0, missed={"review": 1}, n_wrongly_told=0))
    score = prepare.score_drill(drill)
    assert [key for key, _ in score.lessons] == ["nobody_told", "missed_review", "declare_late"]
    english, french, persian = (str(prepare.report_drill(drill, score, "txt", language=tag)) for tag in ("en", "fr", "fa"))
    assert "1 affected person waited for a reviewer" in english
    assert "1 personne touchée attendait un relecteur" in french
    assert "۱ نفر آسیب‌دیده" in persian


def test_every_lesson_measure_and_step_has_words_in_every_language():
    from amanat import wording
    from amanat.prepare.drill import _LIMITS
    from amanat.prepare.drill_report import _words

    words = _words()
    assert set(words) == set(wording.languages())
    for language in words.values():
        assert set(language["measures"]) == set(_LIMITS)
        assert set(language["steps"]) == set(drilling.ASSUMED_MINUTES)
        for part in ("acts", "lessons"):
            assert set(language[part]) == set(words["en"][part])


def test_the_web_page_of_the_report_needs_nothing_else_and_reads_from_the_right_in_persian():
    drill = a_drill(story="<Karvan>")
    score = prepare.score_drill(drill)
    page = str(prepare.report_drill(drill, score, "html", language="fa"))
    assert '<html lang="fa" dir="rtl">' in page and "&lt;Karvan&gt;" in page
    assert "<script" not in page and "http" not in page


def write(case, *, told, exposures, planned=(), left_out=()):
    case.mkdir()
    pq.write_table(
        pa.table({"person_id": pa.array(told, pa.string()), "state": pa.array(["accepted"] * len(told), pa.string())}), case / "receipts.parquet"
    )
    pq.write_table(pa.table({"person_id": list(exposures), "state": list(exposures.values())}), case / "exposures.parquet")
    pq.write_table(pa.table({"person_id": pa.array(planned, pa.string())}), case / "sendings.parquet")
    (case / "left_out.csv").write_text("person_id,reason\n" + "".join(f"{p},no address\n" for p in left_out), encoding="utf-8")


def test_who_was_missed_is_told_apart_by_why_and_outsiders_are_left_out(tmp_path):
    truth = [("P-1", True), ("P-2", True), ("P-3", True), ("P-4", True), ("P-5", True), ("P-6", True), ("P-7", False), ("out-1", True)]
    pq.write_table(pa.table({"person_id": [p for p, _ in truth], "readable": [r for _, r in truth]}), tmp_path / "truth.parquet")
    states = {"P-1": "sure", "P-3": "review", "P-4": "sure", "P-5": "sure", "P-6": "sure", "P-7": "sure", "P-9": "sure"}
    # P-1 was told, P-2 never found, P-3 waits, P-4 has no address, P-5 was planned and not delivered, P-6 has no duty;
    # P-7 is only in a file that nobody can open, and P-9 has no trace at all.
    write(tmp_path / "case", told=["P-1", "P-7", "P-9"], exposures=states, planned=["P-1", "P-5"], left_out=["P-4"])
    found = prepare.compare_told(tmp_path / "case", tmp_path / "truth.parquet")

    assert (found.n_affected, found.n_told, found.n_wrongly_told) == (6, 3, 1)
    assert found.missed == {"not_found": 1, "review": 1, "no_contact": 1, "not_delivered": 1, "no_duty": 1}


def test_a_story_without_truth_is_not_guessed_about(tmp_path):
    assert prepare.compare_told(tmp_path, tmp_path / "truth.parquet") is None


def test_the_clock_runs_faster_than_the_machine_and_can_be_put_forward():
    ticks = iter([100.0, 103.0, 103.0])
    clock = drilling.MovedClock(AWARE, 60, ticks=lambda: next(ticks))
    assert clock.now() == AWARE + timedelta(minutes=3)
    clock.put_forward(30)
    assert clock.now() == AWARE + timedelta(minutes=33)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--speed", "0"], "--speed 0"),
        (["--ask"], "people at a keyboard"),
    ],
)
def test_bad_input_of_the_command_gets_a_sentence(tmp_path, capsys, arguments, says):
    assert load("prepare").main(["drill", "--out", str(tmp_path / "out"), *arguments]) == 2
    assert says in capsys.readouterr().err


def test_a_folder_that_holds_something_or_a_story_without_keys_is_refused(tmp_path, capsys):
    (tmp_path / "out" / "case").mkdir(parents=True)
    (tmp_path / "out" / "case" / "x").write_text("x", encoding="utf-8")
    assert load("prepare").main(["drill", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert load("prepare").main(["drill", str(tmp_path), "--out", str(tmp_path / "new")]) == 2
    assert "practice keys" in capsys.readouterr().err


@pytest.mark.story
def test_a_drill_of_a_small_company_runs_the_real_stages_and_tells_its_persons(tmp_path, capsys):
    assert load("prepare").main(["drill", "--out", str(tmp_path / "out"), "--persons", "120", "--format", "json"]) == 0
    keys = json.loads(capsys.readouterr().out)

    assert set(keys) == set(load("prepare").commands["drill"].json_keys)
    # 25 minutes are assumed until it is declared; signing comes 60 + 45 + 60 + 20 minutes after the notices are written
    at = {name: datetime.fromisoformat(moment) for name, moment in keys["timeline"].items()}
    assert at["declared"] - datetime.fromisoformat(keys["aware_at"]) >= timedelta(minutes=25)
    assert at["declared"] < at["known"] < at["written"] < at["approved"] < at["told"] < at["ended"]
    assert at["approved"] - at["written"] >= timedelta(minutes=185)
    assert keys["persons"]["affected"] > 40 and keys["persons"]["wrongly_told"] == 0
    assert all(d["is_met"] for d in keys["deadlines"] if d["due_at"])
    assert {s["is_measured"] for s in keys["steps"]} == {False} and "steps_assumed" in {one["key"] for one in keys["lessons"]}
    for name in ("report.txt", "report.json", "report.html"):
        assert (tmp_path / "out" / name).stat().st_size > 1000
    # The journal of the drill is whole, and says that it was one.
    assert '"who":"drill"' in (tmp_path / "out" / "case" / "journal.jsonl").read_text(encoding="utf-8")


def test_people_at_the_keyboard_are_measured_on_the_drills_clock():
    ticks = [0.0]
    clock = drilling.MovedClock(AWARE, 60, ticks=lambda: ticks[0])

    def ask(name):
        ticks[0] += 20.0  # twenty seconds of life are twenty minutes of the drill

    step = drilling._step("declare", clock, ask, drilling.ASSUMED_MINUTES)
    assert (step.name, step.minutes, step.is_measured) == ("declare", 20.0, True)
    assert clock.now() == AWARE + timedelta(minutes=20)
    assert drilling._step("sign", clock, None, {"sign": 15.0}) == Step(name="sign", minutes=15.0, is_measured=False)
    assert clock.now() == AWARE + timedelta(minutes=35)


def test_the_inbox_of_a_drill_takes_mails_on_this_machine_and_is_gone_afterwards():
    import smtplib

    with drilling.local_inbox() as relay:
        host, port = relay.removeprefix("smtp://").split(":")
        assert host == "127.0.0.1"
        with smtplib.SMTP(host, int(port)) as connection:
            assert connection.sendmail("a@example.org", ["b@example.org"], "Subject: x\r\n\r\nx") == {}
    with pytest.raises(OSError):
        smtplib.SMTP(host, int(port), timeout=2)
