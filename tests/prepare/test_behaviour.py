"""What the invented guests do: the effect of the incident is the one that was asked for, and everything fits together."""

import csv
import tomllib
from datetime import datetime, timedelta

import numpy as np
import pyarrow.parquet as pq
import pytest

from amanat import prepare
from amanat.lib.errors import Fixable
from amanat.prepare import behaviour
from amanat.terms.event import EVENT_KINDS, EVENTS, QUESTIONS

AT = datetime.fromisoformat("2026-11-13T19:40:00+01:00")


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    folder = tmp_path_factory.mktemp("behaviour") / "story"
    prepare.make_company(folder, persons=6000, seed=2, at=AT, excess_churn=0.08)
    return folder


@pytest.fixture(scope="module")
def events(story):
    return pq.read_table(story / "events.parquet")


@pytest.fixture(scope="module")
def rows(events):
    return events.to_pylist()


def test_the_table_is_that_of_the_terms_and_every_word_in_it_is_known(events, rows):
    assert events.schema.equals(EVENTS)
    assert {row["kind"] for row in rows} <= set(EVENT_KINDS)
    for row in rows:
        if row["kind"] == "answer":
            question = QUESTIONS[row["question"]]
            assert question.least <= row["score"] <= question.most and row["score"] == int(row["score"])
    assert {row["language"] for row in rows if row["text"]} == {"en", "fr", "fa"}


def test_only_persons_of_the_register_act_and_never_after_leaving_or_before_joining(story, rows):
    with (story / "register.csv").open(encoding="utf-8", newline="") as file:
        register = {row["person_id"]: row for row in csv.DictReader(file)}
    assert {row["person_id"] for row in rows} <= set(register)
    left = {row["person_id"]: row["at"] for row in rows if row["kind"] == "cancelled"}
    assert len(left) == sum(row["kind"] == "cancelled" for row in rows)
    # Who leaves right after the first mails may be told the same day; nobody is heard of later.
    assert not [r for r in rows if r["person_id"] in left and r["kind"] != "told" and r["at"] > left[r["person_id"]]]
    joined = {person: datetime.fromisoformat(row["since"] + "T00:00:00+00:00") for person, row in register.items()}
    assert not [r for r in rows if r["kind"] in ("order", "login") and r["at"] < joined[r["person_id"]]]
    assert not [r for r in rows if register[r["person_id"]]["deceased"] == "true"]


def test_who_is_told_is_who_the_truth_calls_affected(story, rows):
    truth = pq.read_table(story / "truth.parquet").to_pylist()
    affected = {r["person_id"] for r in truth if r["readable"] and not r["path"].startswith("access/")}
    told = {r["person_id"]: r["at"] for r in rows if r["kind"] == "told"}

    assert set(told) <= affected and len(told) > 0.85 * len([p for p in affected if not p.startswith("out-")])
    assert min(told.values()) == AT + timedelta(hours=60)


def test_the_true_curves_end_where_they_should():
    without, with_ = behaviour.stays(0.0), behaviour.stays(0.03)

    assert (without[0], with_[0]) == (1, 1)
    assert without[180] == pytest.approx(0.96) and with_[180] == pytest.approx(0.93)
    # Half of the excess leavers within two weeks (0.5 over 1 - 0.5^(120/14)), all within 120 days.
    assert (without - with_)[14] == pytest.approx(0.03 * 0.5 / (1 - 0.5 ** (120 / 14)))
    assert (without - with_)[120] == pytest.approx(0.03)


def test_leaving_days_follow_the_true_curve():
    share = (np.arange(200_000) + 0.5) / 200_000  # every quantile once: no chance in it
    days = behaviour.last_days(share, 0.03)
    stay = [1 - ((days > 0) & (days <= day)).mean() for day in range(181)]

    np.testing.assert_allclose(stay, behaviour.stays(0.03), atol=1.1e-5)


def test_the_effect_in_the_events_is_the_true_one(story, rows):
    expected = tomllib.loads((story / "expected.toml").read_text(encoding="utf-8"))["trust"]
    truth = pq.read_table(story / "truth.parquet").to_pylist()
    affected = {r["person_id"] for r in truth if r["readable"] and not r["path"].startswith("access/")}
    n = {True: expected["affected_customers"], False: expected["unaffected_customers"]}
    left = {True: 0, False: 0}
    for row in rows:
        if row["kind"] == "cancelled" and row["at"] >= expected["since"]:
            left[row["person_id"] in affected] += 1

    assert expected["excess_churn"] == 0.08 and expected["since"] == AT + timedelta(hours=60)
    seen = left[True] / n[True] - left[False] / n[False]
    # Standard error with some 3,000 on each side: √(.12·.88/3000 + .04·.96/2500) = 0.007; four of them.
    assert abs(seen - 0.08) < 0.028
    assert expected["orders_eur_per_month"] < 0


def test_without_an_effect_both_groups_leave_alike(tmp_path):
    prepare.make_company(tmp_path / "calm", persons=300, seed=1, at=AT, excess_churn=0.0)
    expected = tomllib.loads((tmp_path / "calm/expected.toml").read_text(encoding="utf-8"))["trust"]

    assert expected["excess_churn"] == 0.0


def test_events_can_be_left_out_and_an_impossible_effect_is_said_in_a_sentence(tmp_path):
    prepare.make_company(tmp_path / "quiet", persons=100, seed=1, at=AT, events=False)
    assert not (tmp_path / "quiet/events.parquet").exists()
    assert "[trust]" not in (tmp_path / "quiet/expected.toml").read_text(encoding="utf-8")
    with pytest.raises(Fixable, match=r"such as 0\.03"):
        prepare.make_company(tmp_path / "never", persons=100, seed=1, at=AT, excess_churn=3)
