"""The desk's order and its promises; who is called, and that nobody is confirmed who was not spoken to."""

from datetime import datetime, timedelta, timezone

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import care
from amanat.care.queue import BadCases, read_cases
from amanat.care.welfare import NEXT
from amanat.terms.case import Case
from amanat.terms.exposure import EXPOSURES

NOON = datetime(2026, 3, 6, 12, 0, tzinfo=timezone.utc)


def a_case(id, urgency, minutes=0, **more):
    return Case(id=id, opened_at=NOON + timedelta(minutes=minutes), urgency=urgency, **more)


def test_who_depends_on_us_comes_first_then_danger_then_need_then_harm():
    cases = [a_case("a", "other"), a_case("b", "harm", 5), a_case("c", "need", 10), a_case("d", "safety", 15), a_case("e", "depends", 20)]
    assert [case.id for case in care.in_order(cases)] == ["e", "d", "c", "b", "a"]


def test_among_equals_the_earlier_comes_first_and_answered_ones_are_gone():
    cases = [a_case("late", "harm", 60), a_case("early", "harm"), a_case("done", "harm", state="answered")]
    assert [case.id for case in care.in_order(cases)] == ["early", "late"]


@settings(deadline=None)
@given(st.permutations([a_case(str(n), urgency, n) for n, urgency in enumerate(["other", "need", "depends", "harm", "safety", "need"])]))
def test_the_order_in_which_cases_lie_does_not_matter(cases):
    assert [case.id for case in care.in_order(cases)] == ["2", "4", "1", "5", "3", "0"]


@pytest.mark.parametrize(("urgency", "hours"), [("depends", 1), ("safety", 1), ("need", 4), ("harm", 8), ("other", 24)])
def test_the_targets(urgency, hours):
    assert care.due_at(a_case("a", urgency)) == NOON + timedelta(hours=hours)


def test_a_target_is_kept_broken_or_still_open():
    assert care.kept(a_case("a", "need", answered_at=NOON + timedelta(hours=4), state="answered"), now=NOON) is True
    assert care.kept(a_case("a", "need", answered_at=NOON + timedelta(hours=5), state="answered"), now=NOON) is False
    assert care.kept(a_case("a", "need"), now=NOON + timedelta(hours=1)) is None
    assert care.kept(a_case("a", "need"), now=NOON + timedelta(hours=5)) is False


@pytest.mark.parametrize(
    ("given_", "urgency"),
    [
        ({"depends": True, "has_need": True}, "depends"),
        ({"depends": False, "has_need": True, "is_safety": True}, "safety"),
        ({"depends": False, "has_need": True, "is_harm": True}, "need"),
        ({"depends": False, "has_need": False, "is_harm": True}, "harm"),
        ({"depends": False, "has_need": False}, "other"),
    ],
)
def test_why_a_case_comes_when_it_does(given_, urgency):
    assert care.urgency_of(**given_) == urgency


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("case_id,opened_at\n1,2026-03-06T12:00:00Z\n", "has no column 'urgency'"),
        ("case_id,opened_at,urgency\n1,2026-03-06T12:00:00Z,hram\n", "row 2: urgency is 'hram'; did you mean 'harm'"),
        ("case_id,opened_at,urgency\n1,2026-03-06 12:00,harm\n", "row 2: opened_at must be a moment"),
        ("case_id,opened_at,urgency,state\n1,2026-03-06T12:00:00Z,harm,shut\n", "row 2: state is 'shut'"),
    ],
)
def test_a_file_of_cases_that_cannot_be_sorted_says_where(tmp_path, text, says):
    path = tmp_path / "cases.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadCases, match=says):
        read_cases(path)


# ---- who is called ----


def exposures(*rows):
    filled = [{"person_id": p, "kinds": k, "basis": b, "state": s, "n_findings": 1, "n_records": 1, "belief": 1.0} for p, k, b, s in rows]
    return pa.Table.from_pylist(filled, schema=EXPOSURES)


def test_a_missing_service_with_a_need_is_called_first_and_the_rest_is_not_called():
    found = care.to_call(
        exposures(
            ("need", ["email"], "content", "sure"),
            ("meal", ["service"], "service", "sure"),
            ("nobody", ["email"], "content", "sure"),
            ("both", ["service"], "service", "review"),
        ),
        {"need", "both"},
    )
    assert [(one.person_id, one.why) for one in found] == [("both", "service_and_need"), ("meal", "service"), ("need", "need")]


def test_nobody_is_confirmed_who_was_not_spoken_to():
    for state, following in NEXT.items():
        if "confirmed" in following:
            assert state in ("spoken", "substituted")
    with pytest.raises(care.CannotFollow, match="to_call is followed by not_reached, spoken"):
        care.follow("to_call", "confirmed")
    assert care.follow("spoken", "confirmed") == "confirmed"


def test_whom_we_did_not_reach_is_called_again():
    assert care.follow("not_reached", "not_reached") == "not_reached"
    assert care.follow("not_reached", "spoken") == "spoken"
