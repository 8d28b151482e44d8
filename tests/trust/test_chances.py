"""Tail chances and intervals against published tables and SciPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.trust import chances


@settings(max_examples=100, deadline=None)
@given(st.floats(0.001, 400), st.integers(1, 40))
def test_the_tail_of_chi_squared_is_that_of_scipy(x, df):
    from scipy.stats import chi2

    assert chances.tail_chi2(x, df) == pytest.approx(chi2.sf(x, df), rel=1e-9, abs=1e-14)


def test_no_answer_at_all_in_favour_still_has_an_interval():
    # Newcombe 1998, table I: 0 of 20 is 0 to 0.1611.
    interval = chances.wilson(0, 20)
    assert (interval.low, round(interval.high, 4)) == (0.0, 0.1611)


def test_sample_sizes_of_the_net_promoter_score():
    # With half promoters and a fifth detractors, 938 answers give ±5 points (p + d - (p - d)² = .61).
    scores = np.repeat([10.0, 7.0, 0.0], [469, 281, 188])
    _, variance = chances.net_promoters(scores)
    assert 1.96 * np.sqrt(variance) == pytest.approx(5, abs=0.01)
