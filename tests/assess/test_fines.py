"""Penalties by the piece: sums by hand from the numbers of the acts."""

import pytest

from amanat.assess import assess
from tests.assess.stories import NOW, exposures_of, facts_of

FACTS = facts_of(role="controller", acquired=True, accessed=True, encrypted="no", malicious=True, establishments=["US"], sectors=["shop"])


def fines(*people, **more):
    found = assess(FACTS | facts_of(**more), exposures=exposures_of(*people), now=NOW).fines
    return {(row["law"], row["cite"]): row for row in found}


def only(law, rows):
    (row,) = [row for (name, _), row in rows.items() if name == law and row.get("each")]
    return row


@pytest.mark.parametrize(
    ("state", "n", "maximum"),
    [
        ("US-AK", 99, 49_500),  # 500 each
        ("US-AK", 100, 50_000),
        ("US-AK", 101, 50_000),  # at most 50,000
        ("US-AZ", 50, 500_000),  # 10,000 each, at most 500,000
        ("US-AZ", 49, 490_000),
        ("US-AZ", 51, 500_000),
        ("US-MI", 3000, 750_000),  # 250 each, at most 750,000
        ("US-MI", 2999, 749_750),
        ("US-NM", 1, 25_000),  # the greater of 25,000 or 10 each
        ("US-NM", 2600, 26_000),
        ("US-NM", 15_001, 150_000),
        ("US-NY", 10, 5_000),  # the greater of 5,000 or 20 each
        ("US-NY", 251, 5_020),
        ("US-NY", 12_501, 250_000),
        ("US-RI", 600, 120_000),  # 200 each, no cap
        ("US-SC", 99, 99_000),  # 1,000 each, at most 100,000
        ("US-SC", 101, 100_000),
        ("US-UT", 39, 97_500),  # 2,500 each, at most 100,000
        ("US-UT", 41, 100_000),
    ],
)
def test_a_penalty_for_each_person_grows_with_them_up_to_its_cap(state, n, maximum):
    row = only(state.lower(), fines((n, state, ["name", "ssn"], "sure")))

    assert (row["maximum"], row["currency"], row["n_persons"]) == (maximum, "USD", n)


def test_statutory_damages_in_california_have_a_least_and_a_most():
    row = only("us-ca", fines((100, "US-CA", ["name", "ssn"], "sure"), (40, "US-CA", ["name", "email"], "sure")))

    assert (row["minimum"], row["maximum"], row["n_persons"], row["is_to_persons"]) == (10_700, 79_900, 100, True)


def test_persons_in_review_raise_the_most_and_not_the_least():
    row = only("us-ca", fines((100, "US-CA", ["name", "ssn"], "sure"), (10, "US-CA", ["name", "ssn"], "review")))

    assert (row["minimum"], row["maximum"]) == (10_700, 87_890)


def test_a_penalty_for_each_person_and_day_is_not_multiplied_by_days_that_nobody_knows():
    row = only("us-tx", fines((300, "US-TX", ["name", "ssn"], "sure")))

    assert (row["maximum"], row["each"], row["n_persons"]) == (250_000, 100, None)
    assert row["basis"].endswith("by the person and day: how many there will be, nobody knows yet")


def test_without_a_count_of_persons_only_the_cap_stands():
    found = assess(FACTS, exposures=None, now=NOW).fines
    rows = {row["law"]: row for row in found if row.get("each")}

    assert (rows["us-ak"]["maximum"], rows["us-ak"]["n_persons"]) == (50_000, None)
    assert (rows["us-ri"]["maximum"], rows["us-ri"]["n_persons"]) == (None, None)


def test_the_gdpr_shows_both_maxima_and_says_when_the_turnover_would_raise_them():
    europe = facts_of(role="controller", establishments=["FR"], main_establishment="FR", risk="high")
    people = exposures_of((5, "FR", ["email"], "sure"))

    unknown = [row for row in assess(europe, exposures=people, now=NOW).fines if row["law"] == "eu-gdpr"]
    known = [row for row in assess(europe | facts_of(turnover_eur=600_000_000), exposures=people, now=NOW).fines if row["law"] == "eu-gdpr"]

    assert [row["maximum"] for row in unknown] == [10_000_000, 20_000_000]
    assert all("the turnover is not known" in row["basis"] for row in unknown)
    assert [row["maximum"] for row in known] == [12_000_000, 24_000_000]
