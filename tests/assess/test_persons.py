from collections import Counter
from datetime import datetime

import pyarrow as pa
import pytest

from amanat import assess
from amanat.assess.groups import UnknownKind, groups_of, masks_of
from amanat.terms.assessment import LEGAL_BASIS, PERSONS_DUTIES
from amanat.terms.kinds import mask_of
from bench.bench_basis import exposures, one_by_one
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


def test_the_legal_basis_of_each_group_says_which_law_by_when_and_what_the_letter_holds():
    people = exposures_of(
        (2, "US-CA", ["ssn", "name"], "sure"), (1, "FR", ["email"], "sure"), (1, "US-CA", ["email"], "sure"), (4, "FR", ["email"], "review")
    )
    found = assess.legal_basis(assess.assess(facts_of(**BASE, discovery=BASE["awareness"]), exposures=people, now=NOW), people)

    assert found.schema == LEGAL_BASIS
    california, france, nobody_asks = found.to_pylist()
    assert (california["residence"], california["n_persons"], california["laws"]) == ("US-CA", 2, ["us-ca"])
    # Aware at 9 in the morning of 6 March in California; thirty days later is 5 April, 23:59:59 there.
    assert california["due_at"] == datetime.fromisoformat("2026-04-06T06:59:59+00:00")
    assert (california["kinds"], california["letter_group"]) == (["name", "ssn"], "us-ca")
    assert california["content"][-2:] == ["cra_contacts", "mitigation_services"]
    assert (france["residence"], france["n_persons"], france["laws"], france["due_at"]) == ("FR", 1, ["eu-gdpr"], None)
    assert (nobody_asks["residence"], nobody_asks["duty_ids"], nobody_asks["letter_group"]) == ("US-CA", [], "general")


def test_persons_who_speak_another_language_or_are_minors_are_groups_of_their_own():
    people = exposures_of((6, "FR", ["email"], "sure"))
    columns = {
        "language": pa.array(["fr", "fr", "fa", "fa", None, None]),
        "minor": pa.array([True, None, True, False, None, None]),
    }
    for name, values in columns.items():
        people = people.set_column(people.schema.get_field_index(name), name, values)
    found = assess.legal_basis(assess.assess(facts_of(**BASE), exposures=people, now=NOW), people)

    assert [(row["language"], row["minor"], row["n_persons"]) for row in found.to_pylist()] == [
        (None, None, 2),
        ("fa", False, 1),
        ("fa", True, 1),
        ("fr", True, 1),
        ("fr", None, 1),
    ]
    assert {tuple(row["duty_ids"]) for row in found.to_pylist()} == {("eu-gdpr.individuals",)}


def test_each_person_is_told_by_the_earliest_day_of_their_duties():
    people = exposures_of((1, "US-CA", ["ssn"], "sure"), (1, "US-CO", ["ssn"], "sure"), (1, "FR", ["email"], "sure"))
    said = {**BASE, "discovery": BASE["awareness"], "determination": BASE["awareness"]}
    found = assess.persons_duties(assess.assess(facts_of(**said), exposures=people, now=NOW), people)

    assert found["due_at"].to_pylist() == [
        datetime.fromisoformat("2026-04-06T06:59:59+00:00"),  # 5 April in California
        datetime.fromisoformat("2026-04-06T05:59:59+00:00"),  # 5 April in Colorado, thirty days after it was determined
        None,  # without undue delay
    ]


def test_the_columns_say_of_each_person_what_a_plain_loop_says():
    people = exposures(6_000, seed=5)
    said = {**BASE, "discovery": BASE["awareness"], "determination": BASE["awareness"], "establishments": ["FR", "US-NY"]}
    found = assess.assess(facts_of(**said), exposures=people, now=NOW)
    joined = assess.persons_duties(found, people).select(["person_id", "duty_ids", "letter_group", "due_at"]).to_pylist()

    plainly = one_by_one(found, people)
    assert len({tuple(row["duty_ids"]) for row in plainly}) > 50
    assert joined == plainly
    basis = assess.legal_basis(found, people).to_pylist()
    assert sum(row["n_persons"] for row in basis) == len(plainly)
    together = Counter()
    for row in basis:
        together[(tuple(row["duty_ids"]), row["letter_group"], row["due_at"])] += row["n_persons"]
    assert together == Counter((tuple(row["duty_ids"]), row["letter_group"], row["due_at"]) for row in plainly)
