"""Difference-in-differences against plain least squares with person and period effects, and against arithmetic by hand."""

import numpy as np
import pytest

from amanat.trust import difference


def by_least_squares(values, is_affected, n_before):
    """The textbook regression with a dummy for every person and period, and errors clustered by person (no small-sample factor)."""
    n, p = values.shape
    person, period = np.repeat(np.arange(n), p), np.tile(np.arange(p), n)
    x = np.zeros((n * p, n + p))
    x[np.arange(n * p), person] = 1
    for t in range(1, p):
        x[period == t, n + t - 1] = 1
    x[:, -1] = np.repeat(is_affected, p) * (period >= n_before)
    beta, *_ = np.linalg.lstsq(x, values.ravel(), rcond=None)
    residual = values.ravel() - x @ beta
    # Frisch and Waugh: the last regressor after the others are taken out of it.
    rest = x[:, -1] - x[:, :-1] @ np.linalg.lstsq(x[:, :-1], x[:, -1], rcond=None)[0]
    scores = np.bincount(person, weights=rest * residual)
    return beta[-1], (scores**2).sum() / (rest**2).sum() ** 2


@pytest.fixture
def panel():
    random = np.random.default_rng(7)
    values = random.gamma(1.0, 20.0, (60, 6)) + random.normal(0, 10, (60, 1))
    is_affected = np.arange(60) < 25
    values[is_affected, 3:] -= 6
    return values, is_affected


def test_the_estimate_is_that_of_least_squares_and_its_error_is_clustered_by_person(panel):
    values, is_affected = panel
    ours = difference.compare(difference.moments(values[is_affected]), difference.moments(values[~is_affected]), 3)
    effect, variance = by_least_squares(values, is_affected, 3)

    assert ours.effect.value == pytest.approx(effect, abs=1e-9)
    # Ours divides by n - 1 in each group where the plain sandwich divides by n.
    change = values[:, 3:].mean(axis=1) - values[:, :3].mean(axis=1)
    parts = [((change[g] - change[g].mean()) ** 2).sum() / g.sum() ** 2 for g in (is_affected, ~is_affected)]
    assert sum(parts) == pytest.approx(variance, rel=1e-9)
    exact = parts[0] * 25 / 24 + parts[1] * 35 / 34
    assert (ours.effect.high - ours.effect.low) / 2 / 1.959964 == pytest.approx(np.sqrt(exact), rel=1e-6)


def test_two_periods_by_hand():
    # Affected: 10 -> 7 and 12 -> 9; unaffected: 10 -> 11 and 8 -> 9. (-3) - (+1) = -4.
    affected, unaffected = np.array([[10.0, 7], [12, 9]]), np.array([[10.0, 11], [8, 9]])
    ours = difference.compare(difference.moments(affected), difference.moments(unaffected), 1)

    assert ours.effect.value == pytest.approx(-4)
    assert (ours.effect.low, ours.effect.high) == pytest.approx((-4, -4))
    assert ours.p_parallel is None
    assert [e.value for e in ours.by_period] == pytest.approx([0, -4])


def test_groups_that_already_drifted_apart_fail_the_check_and_parallel_ones_pass_it():
    random = np.random.default_rng(3)
    values = random.normal(50, 5, (400, 6))
    is_affected = np.arange(400) < 200
    drifting = values + is_affected[:, None] * np.array([0.0, 2, 4, 6, 8, 10])

    def p_of(table):
        return difference.compare(difference.moments(table[is_affected]), difference.moments(table[~is_affected]), 3).p_parallel

    assert p_of(values) > 0.05
    assert p_of(drifting) < 1e-6


def test_moments_of_chunks_are_the_moments_of_the_whole(monkeypatch, panel):
    values, _ = panel
    monkeypatch.setattr(difference, "CHUNK", 7)
    ours = difference.moments(values)

    np.testing.assert_allclose(ours.mean, values.mean(axis=0))
    np.testing.assert_allclose(ours.covariance, np.cov(values, rowvar=False))
