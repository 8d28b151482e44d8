"""Any past moment can be seen again: by the facts then known, and the law then in force."""

import json
from datetime import datetime, timedelta, timezone

import pytest

from amanat import assess
from amanat.assess.__main__ import VERB
from amanat.terms.fact import BadFact, Fact, facts_as_of, facts_as_toml, read_facts

PARIS = timezone(timedelta(hours=1))


def at(day, hour):
    return datetime(2026, 3, day, hour, tzinfo=PARIS)


# A company in Lyon. On the 2nd somebody hears of a theft; on the 3rd the risk is thought none, on the 4th high, on the 6th a mere risk.
STORY = """
role = "controller"
main_establishment = "FR"
establishments = ["FR"]
kinds = ["email"]
encrypted = "no"

[awareness]
value = 2026-03-02T10:00:00+01:00
since = 2026-03-02T10:00:00+01:00

[residents]
value = { FR = 12000 }
since = 2026-03-02T12:00:00+01:00

[risk]
value = "risk"
since = 2026-03-06T09:00:00+01:00
source = "data-protection officer"
earlier = [
  { value = "high", since = 2026-03-04T09:00:00+01:00, source = "forensic report" },
  { value = "none", since = 2026-03-03T09:00:00+01:00, source = "first look" },
]
"""


@pytest.fixture
def facts(tmp_path):
    (tmp_path / "facts.toml").write_text(STORY, encoding="utf-8")
    return read_facts(tmp_path / "facts.toml")


def state_at(facts, moment, duty):
    known, _assumed = facts_as_of(facts, moment)
    return {d.id: d.state for d in assess.assess(known, now=moment).duties}[duty]


def test_a_fact_that_changed_twice_is_at_each_moment_what_it_was(facts):
    def risk_at(moment):
        known, _assumed = facts_as_of(facts, moment)
        return (known["risk"].value, known["risk"].source) if "risk" in known else None

    assert risk_at(at(3, 8)) is None
    assert risk_at(at(3, 9)) == ("none", "first look")
    assert risk_at(at(5, 12)) == ("high", "forensic report")
    assert risk_at(at(6, 9)) == ("risk", "data-protection officer")


def test_duties_are_judged_by_what_was_known_then(facts):
    """Art. 33: unless a risk is unlikely; Art. 34: where the risk is high."""
    assert state_at(facts, at(3, 10), "eu-gdpr.authority") in ("exempt", "not_due")
    assert state_at(facts, at(5, 12), "eu-gdpr.authority") == "due"
    assert state_at(facts, at(5, 12), "eu-gdpr.individuals") == "due"
    assert state_at(facts, at(7, 12), "eu-gdpr.authority") == "due"
    assert state_at(facts, at(7, 12), "eu-gdpr.individuals") == "not_due"


def test_what_nobody_dated_counts_all_along_and_is_said(facts):
    _known, assumed = facts_as_of(facts, at(3, 10))

    assert "nobody said since when role is known: it counts as known all along" in assumed


def test_an_event_that_lay_ahead_was_not_known(tmp_path):
    (tmp_path / "facts.toml").write_text("notice_to_authority = 2026-03-09T10:00:00+01:00\n")
    known, (assumed,) = facts_as_of(read_facts(tmp_path / "facts.toml"), at(3, 10))

    assert known == {} and assumed.startswith("notice_to_authority lies after the moment")


def test_the_law_is_the_one_then_in_force():
    """California has a number of days since 1 January 2026; before, the law named none."""
    given = {"awareness": datetime(2025, 12, 1, 9, tzinfo=timezone.utc), "residents": {"US-CA": 900}, "kinds": ["ssn"], "acquired": True}
    given |= {"encrypted": "no", "role": "controller"}
    facts = {name: Fact(name=name, value=value, status="known") for name, value in given.items()}
    before = {d.id: d for d in assess.assess(facts, now=datetime(2026, 1, 5, tzinfo=timezone.utc)).duties}["us-ca.individuals"]
    moved = facts | {"awareness": Fact(name="awareness", value=datetime(2026, 1, 2, 20, tzinfo=timezone.utc), status="known")}
    after = {d.id: d for d in assess.assess(moved, now=datetime(2026, 1, 5, tzinfo=timezone.utc)).duties}["us-ca.individuals"]

    assert (before.law_until, before.due_at) == ("2026-01-01", None)
    assert after.law_since == "2026-01-01"
    assert after.due_at.isoformat() == "2026-02-01T23:59:59-08:00"  # 30 days from 2 January


def test_the_history_of_a_fact_survives_its_file(facts, tmp_path):
    (tmp_path / "again.toml").write_text(facts_as_toml(facts), encoding="utf-8")

    assert read_facts(tmp_path / "again.toml") == facts


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[risk]\nvalue = "high"\nearlier = [{ value = "none" }]', "needs `since`"),
        (
            '[risk]\nvalue = "high"\nsince = 2026-03-02T10:00:00Z\nearlier = [{ value = "none", since = 2026-03-03T10:00:00Z }]',
            "from the newest to the",
        ),
        ('[risk]\nvalue = "high"\nsince = 2026-03-02T10:00:00Z\nearlier = [{ value = "no" }]', "risk must be one of none, risk, high"),
    ],
)
def test_a_history_that_cannot_be_is_said_with_its_line(tmp_path, text, says):
    (tmp_path / "facts.toml").write_text(text)
    with pytest.raises(BadFact, match=says):
        read_facts(tmp_path / "facts.toml")


def chained(**more):
    given = {"awareness": datetime(2026, 3, 2, 9, tzinfo=timezone.utc), "role": "controller", "main_establishment": "FR", "establishments": ["FR"]}
    given |= {
        "sectors": ["bank"],
        "residents": {"FR": 12000},
        "kinds": ["email"],
        "classification_major": datetime(2026, 3, 2, 10, tzinfo=timezone.utc),
    }
    facts = {name: Fact(name=name, value=value, status="known") for name, value in (given | more).items()}
    return assess.assess(facts, now=datetime(2026, 3, 3, tzinfo=timezone.utc))


def test_a_planned_date_hangs_on_the_duty_before_it_and_moves_when_that_is_done():
    """DORA: the intermediate report 72 hours after the initial notification, which is due 4 hours after the classification."""
    planned = {d.id: d for d in chained().duties}
    assert planned["eu-dora.initial"].waits_for == ""
    assert planned["eu-dora.intermediate"].waits_for == "eu-dora.initial"
    assert next(d.id for d in assess.followers(chained(), "eu-dora.initial")) == "eu-dora.intermediate"

    assert assess.events_of("eu-dora.initial") == ("initial_notification",)
    done_at = datetime(2026, 3, 2, 11, tzinfo=timezone.utc)
    actual = {d.id: d for d in chained(initial_notification=done_at).duties}["eu-dora.intermediate"]
    assert actual.waits_for == ""
    assert actual.due_at < planned["eu-dora.intermediate"].due_at


def test_the_command_judges_as_of_a_moment_and_says_what_it_assumed(facts, tmp_path, capsys):
    def told(moment):
        assert VERB.main(["duties", str(tmp_path / "facts.toml"), "--as-of", moment, "--format", "json"]) == 0
        found = json.loads(capsys.readouterr().out)
        return {duty["id"]: duty["state"] for duty in found["duties"]}["eu-gdpr.individuals"], found["assumed"]

    assert told("2026-03-05T12:00:00+01:00")[0] == "due"
    state, assumed = told("2026-03-07T12:00:00+01:00")
    assert state == "not_due"
    assert "nobody said since when role is known: it counts as known all along" in assumed


def test_an_explanation_says_since_when_a_fact_is_known_and_who_said_it(facts, tmp_path, capsys):
    VERB.main(["explain", str(tmp_path / "facts.toml"), "eu-gdpr.individuals", "--as-of", "2026-03-05T12:00:00+01:00"])
    text = " ".join(capsys.readouterr().out.split())

    assert "known, since 2026-03-04 09:00 +0100, forensic report" in text
    assert "version of the law: since 2018-05-25" in text
