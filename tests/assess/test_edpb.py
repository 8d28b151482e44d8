"""Expected sums by hand from the percentages of EDPB Guidelines 04/2022 v2.1 (paras 60, 65, 66) and Art 83 GDPR."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.assess.edpb import INFRINGEMENTS, SERIOUSNESS, after_circumstances, circumstances, gravest, legal_maximum, starting_range
from amanat.terms.fact import fact_types


@pytest.mark.parametrize(
    ("article", "turnover", "maximum"),
    [
        ("Art 33", None, 10_000_000),
        ("Art 5(1)(f)", None, 20_000_000),
        ("Art 33", 499_999_999, 10_000_000),  # 2 % would be less: the fixed sum is the higher one
        ("Art 33", 500_000_000, 10_000_000),
        ("Art 33", 600_000_000, 12_000_000),
        ("Art 5(1)(f)", 1_000_000_000, 40_000_000),
        ("Art 32", 8_000_000_000, 160_000_000),
        ("Art 5(1)(f)", 8_000_000_000, 320_000_000),
    ],
)
def test_the_legal_maximum_is_the_higher_of_the_fixed_sum_and_the_share_of_the_turnover(article, turnover, maximum):
    assert legal_maximum(article, None if turnover is None else Decimal(turnover)) == maximum


@pytest.mark.parametrize(
    ("article", "seriousness", "turnover", "low", "high"),
    [
        # 10 to 20 % of 10 million, of that 0.2 to 0.4 %
        ("Art 33", "medium", 1_500_000, 2_000, 8_000),
        # 10 to 20 % of 10 million, of that 1.5 to 10 %
        ("Art 33", "medium", 30_000_000, 15_000, 200_000),
        # 2 % of 600 million is 12 million; 20 to 100 % of it; nothing off for size
        ("Art 32", "high", 600_000_000, 2_400_000, 12_000_000),
        ("Art 5(1)(f)", "high", 1_000_000_000, 8_000_000, 40_000_000),
        # a start-up with half a million, higher tier, high: 4 to 20 million, of that 0.2 to 0.4 %
        ("Art 5(1)(f)", "high", 500_000, 8_000, 80_000),
        # a chain with 8 billion, higher tier, low: 0 to 10 % of 320 million
        ("Art 5(1)(f)", "low", 8_000_000_000, 0, 32_000_000),
        ("Art 5(1)(f)", "medium", 8_000_000_000, 32_000_000, 64_000_000),
        # low seriousness begins at nothing whatever the size
        ("Art 33", "low", 5_000_000, 0, 20_000),
        # each border belongs to the smaller class
        ("Art 33", "high", 2_000_000, 4_000, 40_000),
        ("Art 33", "high", 2_000_001, 6_000, 200_000),
        ("Art 33", "high", 10_000_000, 6_000, 200_000),
        ("Art 33", "high", 10_000_001, 30_000, 1_000_000),
        ("Art 33", "high", 50_000_000, 30_000, 1_000_000),
        ("Art 33", "high", 50_000_001, 160_000, 2_000_000),
        ("Art 33", "high", 100_000_000, 160_000, 2_000_000),
        ("Art 33", "high", 100_000_001, 300_000, 5_000_000),
        ("Art 33", "high", 250_000_000, 300_000, 5_000_000),
        ("Art 33", "high", 250_000_001, 800_000, 10_000_000),
        ("Art 33", "high", 500_000_000, 800_000, 10_000_000),
    ],
)
def test_the_starting_amount_follows_seriousness_and_turnover(article, seriousness, turnover, low, high):
    found = starting_range(article, (seriousness,), Decimal(turnover))

    assert (found.low, found.high) == (low, high)


def test_the_boards_own_example_of_answers_to_access_requests_that_came_late_begins_between_nothing_and_a_tenth_of_the_maximum():
    # Guidelines 04/2022, the example after para 62: an online shop, Art 83(5), low seriousness, "between 0 and 10% of the legal maximum".
    # Above EUR 500 million of turnover the size takes nothing off (para 66), so the whole of that tenth stands.
    found = starting_range("Art 5(1)(f)", ("low",), Decimal(600_000_000))

    assert (found.low, found.high) == (0, Decimal("2400000"))  # 4 % of 600 million is 24 million
    assert found.high == found.maximum / 10


def test_a_micro_undertaking_in_the_lower_tier_never_begins_above_forty_thousand():
    # Paras 60 and 65 together: 100 % of EUR 10 million, of that at most 0.4 % up to EUR 2 million of turnover.
    assert starting_range("Art 33", ("low", "medium", "high"), Decimal(2_000_000)).high == Decimal(40_000)


def test_without_the_turnover_the_fixed_maximum_stands_and_the_range_is_as_wide_as_any_size_allows():
    found = starting_range("Art 5(1)(f)", ("medium",), None)

    assert (found.maximum, found.is_turnover_known) == (20_000_000, False)
    assert (found.low, found.high) == (4_000, 4_000_000)  # 2 million x 0.2 %; 4 million x 100 %


def test_a_seriousness_that_nobody_decided_is_a_range():
    found = starting_range("Art 32", ("high", "medium"), Decimal(600_000_000))

    assert found.seriousness == ("medium", "high")
    assert (found.low, found.high) == (1_200_000, 12_000_000)


def test_linked_infringements_stay_within_the_maximum_of_the_gravest():
    ranges = tuple(starting_range(article, ("high",), Decimal(600_000_000)) for article in INFRINGEMENTS)

    assert gravest(ranges).article == "Art 5(1)(f)"
    assert gravest(ranges).maximum == 24_000_000


def test_aggravation_never_lifts_a_fine_above_the_legal_maximum():
    begun = starting_range("Art 32", ("high",), Decimal(600_000_000))

    found = after_circumstances(begun, Decimal("0.5"), Decimal("3"))

    assert (found.low, found.high) == (1_200_000, 12_000_000)


def test_data_that_were_not_encrypted_aggravate_and_encrypted_ones_whose_key_is_safe_mitigate():
    assert [(c.id, c.is_aggravating) for c in circumstances({"encrypted": "no"})] == [("not_encrypted", True)]
    assert [(c.id, c.is_aggravating) for c in circumstances({"encrypted": "yes", "key_taken": False})] == [("encrypted", False)]
    assert circumstances({"encrypted": "yes"}) == ()  # nobody knows of the key
    assert circumstances({}) == ()


def test_help_that_is_offered_and_data_that_came_back_mitigate():
    found = circumstances({"what_we_offer": {"en": "Two years of monitoring"}, "data_recovered": True})

    assert [(c.id, c.is_aggravating) for c in found] == [("help_offered", False), ("data_recovered", False)]


def test_an_earlier_infringement_aggravates_and_is_a_fact_that_can_be_given():
    assert [(c.id, c.is_aggravating) for c in circumstances({"previous_infringements": True})] == [("previous_infringements", True)]
    assert circumstances({"previous_infringements": False}) == ()
    assert fact_types()["previous_infringements"].type == "bool"


def test_every_circumstance_rests_on_facts_that_can_be_given():
    assert {"encrypted", "key_taken", "previous_infringements", "what_we_offer", "data_recovered"} <= set(fact_types())


turnovers = st.integers(0, 10**11).map(Decimal)


@given(article=st.sampled_from(sorted(INFRINGEMENTS)), level=st.sampled_from(SERIOUSNESS), turnover=turnovers)
def test_the_range_lies_within_the_legal_maximum_for_every_size(article, level, turnover):
    found = starting_range(article, (level,), turnover)

    assert 0 <= found.low <= found.high <= found.maximum


@given(article=st.sampled_from(sorted(INFRINGEMENTS)), level=st.sampled_from(SERIOUSNESS), one=turnovers, other=turnovers)
def test_a_larger_undertaking_never_begins_lower(article, level, one, other):
    small, large = (starting_range(article, (level,), size) for size in sorted((one, other)))

    assert small.low <= large.low
    assert small.high <= large.high


@given(article=st.sampled_from(sorted(INFRINGEMENTS)), turnover=turnovers)
def test_a_graver_infringement_never_begins_lower(article, turnover):
    ranges = [starting_range(article, (level,), turnover) for level in SERIOUSNESS]

    assert [r.low for r in ranges] == sorted(r.low for r in ranges)
    assert [r.high for r in ranges] == sorted(r.high for r in ranges)


@given(article=st.sampled_from(sorted(INFRINGEMENTS)), level=st.sampled_from(SERIOUSNESS), turnover=turnovers)
def test_what_is_said_without_the_turnover_holds_every_smaller_undertaking(article, level, turnover):
    unknown, known = starting_range(article, (level,), None), starting_range(article, (level,), min(turnover, Decimal(500_000_000)))

    assert unknown.low <= known.low
    assert known.high <= unknown.high
