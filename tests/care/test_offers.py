"""Offers follow the harm and nothing else; what law owes waits for nobody's answer and for no budget."""

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat import care
from amanat.care.budget import BadBudget, BadExposures
from amanat.terms.exposure import EXPOSURES
from amanat.terms.kinds import KINDS
from amanat.terms.offer import Harm


def an_exposure(person_id, kinds, *, basis="content", residence="FR", state="sure", language="fr", n=3):
    row = {"person_id": person_id, "kinds": list(kinds), "n_findings": n, "n_records": 1, "belief": 1.0}
    return row | {"state": state, "basis": basis, "residence": residence, "language": language, "minor": False}


def exposures(*rows):
    return pa.Table.from_pylist(list(rows), schema=EXPOSURES)


def harm(*kinds, basis="content", residence="FR"):
    return Harm(kinds=frozenset(kinds), basis=basis, residence=residence)


def names(harm_, **more):
    return [one.offer for one in care.entitled(harm_, **more)]


def by_name(lines):
    return {line.offer: line for line in lines}


harms = st.builds(
    Harm,
    kinds=st.frozensets(st.sampled_from(sorted(KINDS)), max_size=5),
    basis=st.sampled_from(["content", "access", "service"]),
    residence=st.sampled_from([None, "FR", "IR", "US-CT", "US-MA", "US-CA", "GB"]),
)


def test_a_copied_card_brings_the_cost_of_a_new_one_and_the_gesture():
    assert names(harm("card_with_code")) == ["card_reissue", "voucher"]


def test_a_service_that_was_not_delivered_is_paid_back():
    assert "refund" in names(harm("service", basis="service", residence="ES"))
    assert "refund" not in names(harm("email"))


def test_data_that_were_only_within_reach_bring_help_and_no_gesture():
    assert names(harm("national_id", basis="access")) == ["monitoring"]


@pytest.mark.parametrize(
    ("place", "months", "is_owed"),
    [("US-CT", 24, True), ("US-MA", 18, True), ("US-CA", 12, False), ("FR", 12, False)],
)
def test_monitoring_for_a_social_security_number_lasts_as_long_as_the_law_of_the_place_wants(place, months, is_owed):
    [one] = [one for one in care.entitled(harm("ssn", residence=place)) if one.offer == "monitoring"]
    assert (one.amount, one.is_owed) == (months, is_owed)


def test_a_longer_time_costs_in_proportion():
    [one] = [one for one in care.entitled(harm("ssn", residence="US-CT")) if one.offer == "monitoring"]
    assert one.cost_eur == 48  # 24 euros for 12 months


@settings(deadline=None)
@given(harms, st.sets(st.sampled_from(["refund", "card_reissue", "monitoring", "voucher", "loyalty_points"])))
def test_what_law_owes_is_there_whatever_is_funded(harm_, funded):
    owed = {one.offer for one in care.entitled(harm_) if one.is_owed}

    assert owed <= {one.offer for one in care.entitled(harm_, funded=funded)}


@settings(deadline=None)
@given(st.lists(harms, min_size=1, max_size=20), st.integers(0, 500))
def test_no_budget_takes_away_what_law_owes(found, budget):
    rows = [an_exposure(f"p{i}", sorted(h.kinds), basis=h.basis, residence=h.residence) for i, h in enumerate(found)]
    for line in care.plan(exposures(*rows), budget_eur=Decimal(budget)):
        funded = {line.offer} if line.is_funded else set()
        got = [h for h in found if line.offer in names(h, funded=funded)]
        assert len(got) == (line.n_persons if line.is_funded else line.n_owed)


@settings(deadline=None)
@given(harms, st.integers(1, 6))
def test_the_same_harm_brings_the_same_offers_whoever_it_is(harm_, n):
    languages = ["fr", "fa", None, "en", "de", "ar"]
    rows = [
        an_exposure(f"p{i}", sorted(harm_.kinds, reverse=i % 2 == 1), basis=harm_.basis, residence=harm_.residence, language=languages[i], n=i + 1)
        for i in range(n)
    ]
    for line in care.plan(exposures(*rows)):
        assert line.n_persons in (0, n)


def test_a_plan_counts_the_sure_persons_only():
    rows = [an_exposure("a", ["iban", "card_with_code"]), an_exposure("b", ["card_with_code"], state="review")]
    rows.append(an_exposure("out-1", ["card_with_code"], state="outsider"))

    line = by_name(care.plan(exposures(*rows)))["card_reissue"]

    assert (line.n_persons, line.cost_eur, line.is_funded) == (1, 15, True)


def test_a_budget_funds_an_offer_for_everybody_or_for_nobody():
    # Two cards (15 each) and three gestures (18 each): 84 euros in all.
    rows = [an_exposure("a", ["card_with_code"]), an_exposure("b", ["card_with_code"]), an_exposure("c", ["email"])]

    lines = by_name(care.plan(exposures(*rows), budget_eur=Decimal(80)))
    assert lines["card_reissue"].is_funded
    assert not lines["voucher"].is_funded
    assert lines["voucher"].short_eur == 4  # 54 less the 50 that are left
    assert by_name(care.plan(exposures(*rows), budget_eur=Decimal(84)))["voucher"].is_funded


def test_what_law_owes_is_funded_even_where_the_budget_does_not_hold_it():
    rows = [an_exposure("a", ["ssn"], residence="US-CT"), an_exposure("b", ["ssn"], residence="US-CA")]

    line = by_name(care.plan(exposures(*rows), budget_eur=Decimal(0)))["monitoring"]

    assert (line.n_persons, line.n_owed, line.owed_eur, line.is_funded) == (2, 1, 48, False)


def test_two_persons_with_the_same_harm_and_different_offers_are_found():
    same = harm("email")
    [one] = care.unequal([(same, frozenset({"voucher"})), (same, frozenset()), (harm("iban"), frozenset())])

    assert (one.offer, one.n_with, one.n_without) == ("voucher", 1, 1)
    assert care.unequal([(same, frozenset({"voucher"})), (same, frozenset({"voucher"}))]) == ()


def test_nobody_affected_costs_nothing():
    assert all(line.n_persons == 0 and line.is_funded for line in care.plan(exposures(), budget_eur=Decimal(0)))


@pytest.mark.parametrize("budget", ["-1", "NaN", "Infinity"])
def test_a_budget_that_is_no_amount_is_refused(budget):
    with pytest.raises(BadBudget, match="amount in euros"):
        care.plan(exposures(), budget_eur=Decimal(budget))


def test_exposures_without_a_column_are_refused_with_its_name():
    with pytest.raises(BadExposures, match="'basis'"):
        care.plan(pa.table({"kinds": [["email"]]}))
