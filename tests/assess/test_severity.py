"""The ten worked cases of EDPB Guidelines 01/2021 that stand in the law pack, with their official outcome.

risk_level "unlikely" is advice none, "risk" is risk (tell the authority), "high" is high (tell the persons too).
"""

from typing import Any

import pytest

from amanat.assess.severity import severity_of
from amanat.assess.situation import Situation
from tests.assess.stories import facts_of

CASES: dict[str, tuple[dict[str, Any], str]] = {
    "1 ransomware, encrypted at rest, backup, no exfiltration": (
        {
            "incident_kind": "ransomware",
            "kinds": ["name", "address"],
            "residents": {"FR": 40},
            "encrypted": "yes",
            "key_taken": False,
            "availability_loss": True,
            "backup": "complete",
            "restore_hours": 5,
            "exfiltration": "excluded_by_logs",
            "malicious": True,
        },
        "none",
    ),
    "3 ransomware in a hospital, restored after two working days": (
        {
            "incident_kind": "ransomware",
            "kinds": ["name", "medical"],
            "residents": {"FR": 4000},
            "sectors": ["hospital"],
            "availability_loss": True,
            "backup": "complete",
            "restore_hours": 48,
            "exfiltration": "excluded_by_logs",
            "malicious": True,
            "vulnerable_persons": True,
        },
        "high",
    ),
    "5 job applications taken from a website": (
        {
            "kinds": ["name", "email", "phone", "address", "employment"],
            "residents": {"FR": 213},
            "integrity_loss": True,
            "integrity_recoverable": True,
            "exfiltration": "not_excluded",
            "malicious": True,
        },
        "high",
    ),
    "6 strongly hashed passwords of pseudonyms": (
        {"kinds": ["password_hash"], "residents": {"FR": 1200}, "malicious": True, "recipients": "unknown_or_public", "exfiltration": "confirmed"},
        "none",
    ),
    "9 a trusted agent saw other customers' contracts": (
        {"kinds": ["name", "address", "phone"], "residents": {"FR": 24}, "malicious": False, "recipients": "known_trusted"},
        "none",
    ),
    "11 stolen notebook, not encrypted, more than 100,000 persons": (
        {
            "kinds": ["name", "address", "dob"],
            "residents": {"FR": 100_001},
            "encrypted": "no",
            "malicious": True,
            "availability_loss": True,
            "backup": "complete",
            "restore_hours": 1,
        },
        "high",
    ),
    "13 two shoe orders in each other's parcel": (
        {"kinds": ["name", "address"], "residents": {"FR": 2}, "malicious": False, "recipients": "known"},
        "none",
    ),
    "14 social-security numbers of 60,000 jobseekers sent by mistake": (
        {"kinds": ["name", "email", "address", "national_id"], "residents": {"FR": 60_001}, "malicious": False, "recipients": "known"},
        "high",
    ),
    "16 two insurance letters in one envelope, more letters possible": (
        {"kinds": ["name", "address", "dob"], "residents": {"FR": 1}, "malicious": False, "recipients": "known", "extent_known": False},
        "risk",
    ),
    "18 mail forwarded to an outside address, payroll of 99 employees": (
        {
            "incident_kind": "social_engineering",
            "kinds": ["name", "pay", "family", "employment"],
            "residents": {"FR": 99},
            "malicious": True,
            "recipients": "unknown_or_public",
            "integrity_loss": True,
            "integrity_recoverable": True,
        },
        "high",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_advice_is_the_official_outcome_of_the_worked_cases(case: str):
    facts, official = CASES[case]

    assert severity_of(Situation(facts_of(**facts))).advice == official


def test_the_score_of_the_notebook_is_two_as_the_worked_numbers_say_and_its_number_of_persons_asks_for_more():
    severity = severity_of(Situation(facts_of(**CASES["11 stolen notebook, not encrypted, more than 100,000 persons"][0])))

    assert (severity.context, severity.identification, severity.circumstances, severity.score, severity.band) == (1, 1, 1, 2, "medium")
    assert any("100001 persons" in rule for rule in severity.overrides)


def test_the_score_of_the_encrypted_ransomware_is_three_quarters():
    severity = severity_of(Situation(facts_of(**CASES["1 ransomware, encrypted at rest, backup, no exfiltration"][0])))

    assert (severity.context, severity.identification, severity.circumstances, severity.score, severity.band) == (1, 0.25, 0.5, 0.75, "low")


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
