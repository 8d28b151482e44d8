from datetime import datetime

import pyarrow as pa
import pytest

from amanat import assess
from amanat.assess.groups import UnknownKind, groups_of, masks_of
from amanat.terms.assessment import PERSONS_DUTIES
from amanat.terms.kinds import mask_of
from tests.assess.stories import NOW, exposures_of, facts_of

BASE = {
    "role": "controller",
    "awareness": datetime.fromisoformat("2026-03-06T18:00:00+01:00"),
    "encrypted": "no",
    "establishments": [],
    "acquired": True,
    "risk": "high",
    "relevant_harm": True,
    "serious_injury": True,
}


def judged(people: pa.Table, **more: object) -> dict[str, tuple[list[str], str, list[str]]]:
    found = assess.persons_duties(assess.assess(facts_of(**{**BASE, **more}), exposures=people, now=NOW), people)
    assert found.schema == PERSONS_DUTIES
    return {row["person_id"]: (row["duty_ids"], row["letter_group"], row["channel_order"]) for row in found.to_pylist()}


def test_each_person_gets_the_duties_and_the_letter_of_their_own_place_and_data():
    people = exposures_of(
        (1, "FR", ["email"], "sure"),
        (1, "US-CA", ["ssn"], "sure"),
        (1, "US-CA", ["email"], "sure"),
        (1, "US-NY", ["medical"], "outsider"),
        (1, "CA-QC", ["email"], "sure"),
        (1, "BR", ["iban"], "sure"),
        (1, "IR", ["ssn"], "sure"),
        (1, None, ["ssn"], "outsider"),
        (1, "GB", ["name"], "sure"),
    )

    assert judged(people) == {
        "p0": (["eu-gdpr.individuals"], "eu-gdpr", ["email", "letter"]),
        "p1": (["us-ca.individuals"], "us-ca", ["email", "letter"]),
        "p2": ([], "general", ["email", "letter"]),  # an e-mail address alone is not covered in California
        "p3": (["us-ny.individuals"], "us-ny", ["email", "letter"]),
        "p4": (["ca-pipeda.individuals", "ca-qc-25.individuals"], "ca-qc-25", ["email", "letter"]),  # across the border both hold
        "p5": (["br-lgpd.individuals"], "br-lgpd", ["email", "letter"]),
        "p6": ([], "general", ["email", "letter"]),
        "p7": ([], "general", ["email", "letter"]),
        "p8": (["uk-gdpr.individuals"], "uk-gdpr", ["email", "letter"]),
    }


def test_an_establishment_in_the_eea_owes_every_person_a_notice_and_the_state_keeps_its_letter():
    people = exposures_of((1, "IR", ["email"], "sure"), (1, "US-CA", ["ssn"], "sure"), (1, None, ["email"], "outsider"))

    assert judged(people, establishments=["FR"]) == {
        "p0": (["eu-gdpr.individuals"], "eu-gdpr", ["email", "letter"]),
        "p1": (["eu-gdpr.individuals", "us-ca.individuals"], "us-ca", ["email", "letter"]),
        "p2": (["eu-gdpr.individuals"], "eu-gdpr", ["email", "letter"]),
    }


def test_branches_bring_their_law_for_the_persons_who_live_there_and_the_main_establishment_for_all():
    people = exposures_of((1, "FR", ["iban"], "sure"), (1, "BR", ["iban"], "sure"), (1, "GB", ["iban"], "sure"), (1, "IR", ["iban"], "sure"))

    assert {name: row[:2] for name, row in judged(people, establishments=["FR", "BR", "GB"], main_establishment="FR").items()} == {
        "p0": (["eu-gdpr.individuals"], "eu-gdpr"),
        "p1": (["br-lgpd.individuals", "eu-gdpr.individuals"], "br-lgpd"),
        "p2": (["eu-gdpr.individuals", "uk-gdpr.individuals"], "uk-gdpr"),
        "p3": (["eu-gdpr.individuals"], "eu-gdpr"),
    }


def test_a_branch_where_nobody_affected_lives_leaves_its_law_open():
    people = exposures_of((1, "FR", ["iban"], "sure"))
    found = assess.assess(facts_of(**{**BASE, "establishments": ["FR", "BR"], "main_establishment": "FR"}), exposures=people, now=NOW)

    assert next(d for d in found.duties if d.id == "br-lgpd.authority").state == "undetermined"


def test_persons_in_review_wait_for_their_reviewer():
    people = exposures_of((1, "FR", ["email"], "sure"), (2, "FR", ["email"], "review"))

    assert list(judged(people)) == ["p0"]


def test_an_email_address_and_its_password_are_online_credentials_together():
    people = exposures_of((1, "US-CA", ["email", "password"], "sure"), (1, "US-CA", ["password"], "sure"))

    assert judged(people)["p0"][0] == ["us-ca.individuals"]
    assert judged(people)["p1"][0] == []


def test_a_duty_that_is_not_settled_shapes_the_letter_and_is_not_yet_owed():
    people = exposures_of((10, "FR", ["email"], "sure"))
    without_risk = {name: value for name, value in BASE.items() if name != "risk"}
    found = assess.persons_duties(assess.assess(facts_of(**without_risk, malicious=False, recipients="known"), exposures=people, now=NOW), people)

    assert (found["duty_ids"][0].as_py(), found["letter_group"][0].as_py()) == ([], "eu-gdpr")


def test_persons_whose_mailboxes_with_us_were_broken_into_are_not_told_by_mail_there():
    assert judged(exposures_of((1, "FR", ["email"], "sure")), is_email_account_breach=True)["p0"][2] == ["letter"]


def test_nobody_affected_gives_an_empty_table():
    assert judged(exposures_of()) == {}


def test_a_part_of_a_table_is_judged_as_the_same_persons_in_a_table_of_their_own():
    people = exposures_of((3, "FR", ["email"], "sure"), (2, "US-CA", ["ssn", "name"], "sure"), (2, "GB", [], "sure"))

    assert masks_of(people.slice(2, 4)).tolist() == [mask_of(["email"]), mask_of(["ssn", "name"]), mask_of(["ssn", "name"]), 0]
    parts = pa.concat_tables([people.slice(0, 3), people.slice(3)])
    assert judged(parts) == judged(people)
    assert groups_of(parts) == groups_of(people)


def test_a_kind_that_nobody_knows_is_said_and_not_dropped():
    with pytest.raises(UnknownKind, match="did you mean 'email'"):
        groups_of(exposures_of((1, "FR", ["emial"], "sure")))
