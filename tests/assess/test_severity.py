"""The ENISA score with its tables and the rules beside it, against the method as it is written. Worked cases: test_worked_cases.py.

Expected values come from ENISA's recommendations of 2013, restated: SE = DPC × EI + CB; low below 2, medium from 2, high from 3, very high from 4.
"""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.assess.severity import severity_of
from amanat.assess.situation import Situation
from amanat.terms.assessment import Severity
from amanat.terms.kinds import KINDS
from tests.assess.stories import facts_of
from tests.assess.worked_cases import CASES


def severity(**facts: Any) -> Severity:
    return severity_of(Situation(facts_of(**facts)))


QUIET = {"malicious": False, "recipients": "none", "residents": {"FR": 3}}


# ---- bands, each on both sides of its boundary ----


@pytest.mark.parametrize(
    ("facts", "score", "band"),
    [
        # 1 × 1 + 0.75 and 1 × 1 + 1
        ({"kinds": ["name", "address"], "recipients": "unknown_or_public", "integrity_loss": True, "integrity_recoverable": True}, 1.75, "low"),
        ({"kinds": ["name", "address"], "recipients": "unknown_or_public", "malicious": True}, 2, "medium"),
        # 2 × 1 + 0.75 and 3 × 1
        ({"kinds": ["name", "employment"], "recipients": "known", "malicious": True}, 2.75, "medium"),
        ({"kinds": ["name", "pay"], "recipients": "none"}, 3, "high"),
        # 3 × 1 + 0.75 and 4 × 1
        ({"kinds": ["name", "pay"], "recipients": "known", "malicious": True}, 3.75, "high"),
        ({"kinds": ["name", "medical"], "recipients": "none"}, 4, "very_high"),
        # the ends of the scale: 1 × 0.25 + 0 and 4 × 1 + 2
        ({"kinds": ["password_hash"], "recipients": "none"}, 0.25, "low"),
        (
            {
                "kinds": ["name", "medical"],
                "recipients": "unknown_or_public",
                "malicious": True,
                "integrity_loss": True,
                "integrity_recoverable": False,
                "availability_loss": True,
                "backup": "none",
            },
            6,
            "very_high",
        ),
    ],
)
def test_each_band_begins_where_the_method_says(facts: dict[str, Any], score: float, band: str):
    found = severity(**{**QUIET, **facts})

    assert (found.score, found.band) == (score, band)


BOUNDS = ((Decimal(4), "very_high"), (Decimal(3), "high"), (Decimal(2), "medium"), (Decimal(0), "low"))
some_facts = st.fixed_dictionaries(
    {"kinds": st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=4, unique=True)},
    optional={
        "malicious": st.booleans(),
        "recipients": st.sampled_from(["none", "known_trusted", "known", "unknown_or_public"]),
        "integrity_loss": st.booleans(),
        "integrity_recoverable": st.booleans(),
        "altered_data_used": st.booleans(),
        "availability_loss": st.booleans(),
        "confidentiality_loss": st.booleans(),
        "backup": st.sampled_from(["none", "partial", "complete"]),
        "restore_hours": st.sampled_from([0.5, 24, 24.5, 90]),
        "encrypted": st.sampled_from(["yes", "no", "partly"]),
        "key_taken": st.booleans(),
        "redacted": st.booleans(),
        "vulnerable_persons": st.booleans(),
        "data_outdated": st.booleans(),
        "data_public_already": st.booleans(),
        "exfiltration": st.sampled_from(["excluded_by_logs", "not_excluded", "confirmed"]),
        "sectors": st.sampled_from([["hotel"], ["pharmacy"], []]),
        "residents": st.sampled_from([{"FR": 1}, {"FR": 100}, {"FR": 101}, {"FR": 10_000}, {"FR": 10_001}]),
        "extent_known": st.booleans(),
    },
)


@given(some_facts)
def test_whatever_is_known_the_score_is_the_formula_and_its_band(facts: dict[str, Any]):
    found = severity(**facts)
    context, ease, circumstances = (Decimal(str(part)) for part in (found.context, found.identification, found.circumstances))
    score = context * ease + circumstances

    assert Decimal(str(found.score)) == score
    assert found.band == next(band for bound, band in BOUNDS if score >= bound)
    assert context in (1, 2, 3, 4) and ease in {Decimal(n) / 4 for n in (1, 2, 3, 4)} and 0 <= circumstances <= 2
    # The rules beside it only ever ask for more than the score does.
    least = {"low": "none", "medium": "risk"}.get(found.band, "high")
    order = ("none", "risk", "high")
    assert order.index(found.advice) >= order.index(least)
    assert found.advice == max([least, *(rule.partition(":")[0] for rule in found.overrides)], key=order.index)
    assert found.reasons


@given(some_facts, st.sampled_from(["malicious", "vulnerable_persons", "integrity_loss", "availability_loss"]))
def test_what_makes_it_worse_never_lowers_the_score_or_the_advice(facts: dict[str, Any], worse: str):
    before, after = severity(**facts), severity(**{**facts, worse: True})

    assert after.score >= severity(**{**facts, worse: False}).score
    order = ("none", "risk", "high")
    assert order.index(after.advice) >= order.index(severity(**{**facts, worse: False}).advice)
    assert before.score <= after.score


# ---- the tables ----


@pytest.mark.parametrize(
    ("kinds", "context"),
    [
        (["name", "address"], 1),  # simple
        (["loyalty_id", "email"], 1),
        (["geolocation"], 2),  # behavioural
        (["employment"], 2),
        (["communications"], 2),
        (["pay"], 3),  # financial
        (["iban"], 3),
        (["card_number_alone"], 3),
        (["password"], 3),  # as the data that it opens
        (["card_with_code"], 4),  # "full card data"
        (["medical"], 4),  # sensitive
        (["special_category"], 4),
        (["genetic"], 4),
        (["name", "employment", "medical"], 4),  # of several the highest
    ],
)
def test_the_context_is_that_of_the_worst_kind(kinds: list[str], context: int):
    assert severity(**QUIET, kinds=kinds).context == context


@pytest.mark.parametrize(
    ("facts", "context"),
    [
        ({"kinds": ["name"], "vulnerable_persons": True}, 2),
        ({"kinds": ["name"], "sectors": ["pharmacy"]}, 2),
        ({"kinds": ["name"], "sectors": ["pharmacy"], "vulnerable_persons": True}, 3),
        ({"kinds": ["medical"], "vulnerable_persons": True}, 4),  # never above four
        ({"kinds": ["pay"], "data_outdated": True}, 2),
        ({"kinds": ["pay"], "data_outdated": True, "data_public_already": True}, 1),
        ({"kinds": ["name"], "data_public_already": True}, 1),  # never below one
    ],
)
def test_the_context_moves_in_whole_steps_between_one_and_four(facts: dict[str, Any], context: int):
    assert severity(**QUIET, **facts).context == context


@pytest.mark.parametrize(
    ("kinds", "ease"),
    [
        (["password_hash", "ip"], 0.25),
        (["name"], 0.5),
        (["phone"], 0.5),
        (["email"], 0.75),
        (["phone", "address"], 0.75),
        (["national_id"], 0.75),
        (["national_id", "email"], 1),
        (["national_id", "name"], 1),
        (["name", "dob"], 1),
    ],
)
def test_identification_grows_with_what_names_a_person(kinds: list[str], ease: float):
    assert severity(**QUIET, kinds=kinds).identification == ease
    assert severity(**QUIET, kinds=kinds, encrypted="yes", key_taken=False).identification == 0.25


@pytest.mark.parametrize(
    ("facts", "circumstances"),
    [
        ({}, 0),
        ({"recipients": "known"}, 0.25),
        ({"recipients": "unknown_or_public"}, 0.5),
        ({"malicious": True}, 0.5),
        ({"integrity_loss": True, "altered_data_used": False}, 0),
        ({"integrity_loss": True, "integrity_recoverable": True}, 0.25),
        ({"integrity_loss": True, "integrity_recoverable": False}, 0.5),
        ({"integrity_loss": True}, 0.5),  # not known: as if it could not be put right
        ({"availability_loss": True, "backup": "complete", "restore_hours": 24}, 0),
        ({"availability_loss": True, "backup": "complete", "restore_hours": 25}, 0.25),
        ({"availability_loss": True, "backup": "complete"}, 0.25),
        ({"availability_loss": True, "backup": "partial"}, 0.25),
        ({"availability_loss": True, "backup": "none"}, 0.5),
        ({"availability_loss": True}, 0.5),
    ],
)
def test_circumstances_add_up_from_the_table(facts: dict[str, Any], circumstances: float):
    assert severity(**{**QUIET, "kinds": ["name"], **facts}).circumstances == circumstances


# ---- rules beside the score, each on both sides of its boundary ----


@pytest.mark.parametrize(
    ("facts", "advice"),
    [
        ({"kinds": ["name", "email"], "residents": {"FR": 100}}, "none"),
        ({"kinds": ["name", "email"], "residents": {"FR": 101}}, "risk"),
        ({"kinds": ["name", "email"], "residents": {"FR": 10_000}}, "risk"),
        ({"kinds": ["name", "email"], "residents": {"FR": 10_001}}, "high"),
        ({"kinds": ["name"], "residents": {"FR": 10_001}}, "none"),  # a name alone points to nobody for sure
        ({"kinds": ["national_id"], "residents": {"FR": 1}}, "risk"),
        ({"kinds": ["national_id"], "residents": {"FR": 100}}, "risk"),
        ({"kinds": ["national_id"], "residents": {"FR": 101}}, "high"),
        ({"kinds": ["password_hash"], "residents": {"FR": 101}}, "none"),
        ({"kinds": ["name"], "extent_known": False}, "risk"),
        ({"kinds": ["name"], "extent_known": True}, "none"),
        ({"kinds": ["name"], "vulnerable_persons": True}, "risk"),
        ({"kinds": ["ip"], "vulnerable_persons": True, "confidentiality_loss": False}, "none"),
        ({"kinds": ["name"], "availability_loss": True, "backup": "complete", "restore_hours": 24}, "none"),
        ({"kinds": ["name"], "availability_loss": True, "backup": "complete", "restore_hours": 24.5}, "risk"),
        ({"kinds": ["name"], "availability_loss": True, "backup": "partial"}, "risk"),
        ({"kinds": ["name"], "availability_loss": True, "backup": "none"}, "risk"),
        ({"kinds": ["name"], "availability_loss": True}, "risk"),
        ({"kinds": ["ip", "password"], "malicious": True, "exfiltration": "excluded_by_logs"}, "none"),
        ({"kinds": ["ip", "password"], "malicious": True, "exfiltration": "not_excluded"}, "high"),
        ({"kinds": ["name"], "malicious": True, "exfiltration": "excluded_by_logs"}, "none"),
        ({"kinds": ["name"], "malicious": True, "exfiltration": "not_excluded"}, "risk"),
        ({"kinds": ["name"], "malicious": True, "exfiltration": "not_excluded", "availability_loss": True, "backup": "none"}, "high"),
        ({"kinds": ["name", "email"], "malicious": True, "incident_kind": "social_engineering", "exfiltration": "excluded_by_logs"}, "high"),
    ],
)
def test_each_rule_beside_the_score_holds_on_its_own_side_of_its_boundary(facts: dict[str, Any], advice: str):
    assert severity(**{**QUIET, **facts}).advice == advice


def test_the_notebook_scores_two_and_its_number_of_persons_asks_for_more():
    found = severity(**CASES["edpb-11"].facts)

    assert found.score == 2
    assert any("100001 persons" in rule for rule in found.overrides)


def test_encryption_protects_only_while_the_key_is_known_to_be_safe():
    safe = {"kinds": ["name", "national_id"], "residents": {"FR": 500}, "encrypted": "yes"}

    assert severity_of(Situation(facts_of(**safe, key_taken=False))).advice == "none"
    assert severity_of(Situation(facts_of(**safe, key_taken=True))).advice == "high"
    assert severity_of(Situation(facts_of(**safe))).advice == "high"


def test_lost_data_without_a_backup_are_a_risk_however_low_the_score():
    severity = severity_of(
        Situation(facts_of(kinds=["name"], residents={"FR": 3}, availability_loss=True, confidentiality_loss=False, backup="none"))
    )

    assert severity.advice == "risk"


def test_credentials_taken_on_purpose_are_a_high_risk():
    facts = facts_of(kinds=["email", "password"], residents={"FR": 3}, malicious=True, exfiltration="confirmed")

    assert severity_of(Situation(facts)).advice == "high"


def test_of_empty_facts_the_severity_is_not_known_and_says_what_to_ask():
    severity = severity_of(Situation(facts_of(), None))
    assert severity.band == "unknown"
    assert severity.ask == ("kinds", "exfiltration", "recipients", "malicious", "extent_known")

    some = severity_of(Situation(facts_of(malicious=True, extent_known=False), None))
    assert (some.band, some.ask, some.advice) == ("unknown", ("kinds", "exfiltration", "recipients"), "risk")


def test_once_the_kinds_are_known_the_severity_has_a_band_and_asks_nothing():
    severity = severity_of(Situation(facts_of(kinds=["name", "email"]), None))
    assert severity.band != "unknown" and severity.ask == ()
