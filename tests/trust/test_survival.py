"""Survival curves and hazard ratios against the figures of R's survival package and against lifelines."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.trust import cox, survival


@pytest.fixture(scope="module")
def lung():
    from lifelines.datasets import load_lung

    table = load_lung()
    return table["time"].to_numpy(np.int64), table["status"].to_numpy() == 1, table["sex"].to_numpy()


@pytest.fixture(scope="module")
def rossi():
    from lifelines.datasets import load_rossi

    return load_rossi()


ROSSI = ("fin", "age", "race", "wexp", "mar", "paro", "prio")


def test_the_lung_curve_is_that_of_r(lung):
    days, left, _ = lung
    curve = survival.curve(days, left)

    # R: summary(survfit(Surv(time, status) ~ 1, lung), times = 365)
    assert curve.survival[365] == pytest.approx(0.409242, abs=5e-7)
    low, high = curve.interval()
    assert (round(np.sqrt(curve.variance[365]), 4), round(low[365], 3), round(high[365], 3)) == (0.0358, 0.345, 0.486)
    assert curve.median() == 310


def test_the_log_rank_of_men_and_women_is_that_of_r(lung):
    days, left, sex = lung
    statistic, p = survival.log_rank(survival.curve(days[sex == 1], left[sex == 1]), survival.curve(days[sex == 2], left[sex == 2]))

    assert statistic == pytest.approx(10.3267, abs=5e-5)  # R: survdiff
    assert p == pytest.approx(0.00131, abs=5e-6)


def test_band_and_curve_agree_with_lifelines(lung):
    from lifelines import KaplanMeierFitter

    days, left, _ = lung
    theirs = KaplanMeierFitter().fit(days, left)
    ours = survival.curve(days, left)
    at = theirs.survival_function_.index.to_numpy().astype(int)

    np.testing.assert_allclose(ours.survival[at], theirs.survival_function_["KM_estimate"], rtol=1e-12)
    np.testing.assert_allclose((np.sqrt(ours.variance) / ours.survival)[at[1:-1]] ** 2, theirs._cumulative_sq_.to_numpy().ravel()[1:-1], rtol=1e-9)


def test_by_hand_five_persons_of_whom_two_leave():
    # Day 1: one of five leaves. Day 2: one is last seen. Day 3: one of three leaves. S = 4/5 and 4/5 * 2/3.
    curve = survival.curve(np.array([1, 2, 3, 9, 9]), np.array([True, False, True, False, False]), until=4)

    assert curve.survival.tolist() == pytest.approx([1, 0.8, 0.8, 8 / 15, 8 / 15])
    # Greenwood: S² (1/(5·4) + 1/(3·2))
    assert curve.variance[4] == pytest.approx((8 / 15) ** 2 * (1 / 20 + 1 / 6))


def test_rossi_by_efron_is_r_to_its_last_printed_digit(rossi):
    ours = cox.fit(rossi[list(ROSSI)].to_numpy(), rossi["week"].to_numpy(), rossi["arrest"].to_numpy() == 1)

    # R: coxph(Surv(week, arrest) ~ fin + age + race + wexp + mar + paro + prio, rossi), ties = "efron"; Fox and Weisberg print these.
    assert ours.beta.tolist() == pytest.approx([-0.37942, -0.05744, 0.31390, -0.14980, -0.43370, -0.08487, 0.09150], abs=5e-6)
    assert ours.se.tolist() == pytest.approx([0.19138, 0.02200, 0.30799, 0.21222, 0.38187, 0.19576, 0.02865], abs=5e-6)
    assert ours.log_likelihood == pytest.approx(-658.7476594, abs=5e-8)


def test_rossi_agrees_with_lifelines_to_eight_digits(rossi):
    from lifelines import CoxPHFitter
    from lifelines.statistics import proportional_hazard_test

    theirs = CoxPHFitter().fit(rossi, "week", "arrest", fit_options={"precision": 1e-12})
    ours = cox.fit(rossi[list(ROSSI)].to_numpy(), rossi["week"].to_numpy(), rossi["arrest"].to_numpy() == 1)

    np.testing.assert_allclose(ours.beta, theirs.params_[list(ROSSI)], atol=1e-8)
    np.testing.assert_allclose(ours.se, theirs.standard_errors_[list(ROSSI)], atol=1e-8)
    check = proportional_hazard_test(theirs, rossi, time_transform="identity").summary["p"]
    np.testing.assert_allclose(ours.p_proportional, check[list(ROSSI)], atol=1e-3)


def test_a_group_in_which_everybody_left_first_has_no_ratio():
    days, left = np.array([1, 1, 1, 5, 5, 5]), np.array([True, True, True, False, False, False])
    with pytest.raises(cox.NotFound):
        cox.fit(np.array([[1.0], [1], [1], [0], [0], [0]]), days, left)
    with pytest.raises(cox.NotFound, match="same for everyone"):
        cox.fit(np.ones((6, 1)), days, left)
    with pytest.raises(cox.NotFound, match="nobody left"):
        cox.fit(np.array([[1.0], [1], [1], [0], [0], [0]]), days, ~left & False)


def slow_curve(days, left, until):
    survival_, at = [], 1.0
    for day in range(until + 1):
        n = sum(d >= day for d in days)
        k = sum(d == day and e for d, e in zip(days, left, strict=True))
        at *= 1 - k / n if n else 1
        survival_.append(at)
    return survival_


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40), st.integers(0, 15))
def test_the_fast_curve_is_the_slow_one(rows, until):
    days, left = np.array([d for d, _ in rows]), np.array([e for _, e in rows])
    assert survival.curve(days, left, until=until).survival.tolist() == pytest.approx(slow_curve(days, left, until))
