"""Each worked case comes out as the authorities decided it, through the whole assessment and not the severity alone."""

from datetime import datetime
from typing import Any

import pytest

from amanat import assess
from amanat.assess.severity import severity_of
from amanat.assess.situation import Situation
from amanat.terms.assessment import Assessment
from tests.assess.stories import NOW, duty, facts_of
from tests.assess.worked_cases import CASES

AWARE = datetime.fromisoformat("2026-03-06T18:00:00+01:00")
ADVICE = {(False, False): "none", (True, False): "risk", (True, True): "high"}


def assessed(facts: dict[str, Any], **more: Any) -> Assessment:
    given = {"role": "controller", "awareness": AWARE, "establishments": ["FR"], "encrypted": "no", **facts, **more}
    return assess.assess(facts_of(**given), now=NOW)


def is_told(found: Assessment, name: str) -> bool | None:
    return {"due": True, "not_due": False, "exempt": False, "undetermined": None}[duty(found, name).state]


def test_all_fifteen_cases_stand_here():
    assert list(CASES) == (
        "edpb-01 edpb-03 edpb-05 edpb-06 edpb-09 edpb-11 edpb-13 edpb-14 edpb-16 edpb-18 wp250-i wp250-iii wp250-v wp250-vii wp250-ix".split()
    )


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.authority is not None and case.persons is not None])
def test_the_advice_is_the_official_outcome(name: str):
    case = CASES[name]

    assert severity_of(Situation(facts_of(**case.facts))).advice == ADVICE[(case.authority, case.persons)]


@pytest.mark.parametrize("name", CASES)
def test_who_follows_the_advice_tells_whom_the_official_outcome_names(name: str):
    case = CASES[name]
    found = assessed(case.facts, risk=severity_of(Situation(facts_of(**case.facts))).advice)

    if case.authority is not None:
        assert is_told(found, "eu-gdpr.authority") is case.authority
    if case.persons is not None:
        assert is_told(found, "eu-gdpr.individuals") is case.persons
    # The controller documents every breach, Art 33(5).
    assert duty(found, "eu-gdpr.register").state == ("not_due" if case.facts.get("role") == "processor" else "due")


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.authority and "role" not in case.facts])
def test_where_the_authority_must_be_told_the_duty_is_due_before_anybody_has_decided_the_risk(name: str):
    authority = duty(assessed(CASES[name].facts), "eu-gdpr.authority")

    assert (authority.state, authority.due_at) == ("due", datetime.fromisoformat("2026-03-09T18:00:00+01:00"))


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.depends_on])
def test_an_outcome_that_depends_has_both_branches_and_says_on_what(name: str):
    case = CASES[name]
    which = "eu-gdpr.authority" if case.authority is None else "eu-gdpr.individuals"

    assert is_told(assessed(case.facts, **case.depends_on), which) is True
    assert is_told(assessed(case.facts, **(case.depends_on | {"risk": "none"})), which) is False
    decided = duty(assessed(case.facts, **(case.depends_on | {"risk": "none"})), which)
    assert any(change.startswith("risk: at least ") and change.endswith("→ due") for change in decided.would_change_if)


def test_a_host_tells_its_client_and_neither_the_authority_nor_the_persons():
    found = assessed(CASES["wp250-vii"].facts)

    assert duty(found, "eu-gdpr.controller").state == "due"
    assert {duty(found, f"eu-gdpr.{to}").state for to in ("authority", "individuals")} == {"not_due"}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.parts])
def test_each_part_of_the_score_is_the_one_coded_by_hand(name: str):
    found = severity_of(Situation(facts_of(**CASES[name].facts)))

    assert (found.context, found.identification, found.circumstances, found.score, found.band) == CASES[name].parts
