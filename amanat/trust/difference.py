"""Difference-in-differences: what changed for the affected beyond what changed for everyone else, person by person.

Each person has one value for each period, so the estimate and every check are contrasts of two mean vectors, and errors
that a person carries through all periods (clusters) are in the covariance of the periods. Ten million persons are one
matrix product for each group.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amanat.terms.measure import Estimate
from amanat.trust.chances import normal, tail_chi2

Floats = NDArray[np.float64]
CHUNK = 1 << 18  # rows at once: the copy in double precision stays small


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and covariance of a group's periods."""

    n: int
    mean: Floats  # [n_periods]
    covariance: Floats  # [n_periods, n_periods], of one person


@dataclass(frozen=True, slots=True)
class Difference:
    """The effect per period, and whether the two groups ran side by side before."""

    effect: Estimate  # mean of the periods after less mean of the periods before, affected less unaffected
    periods: tuple[int, ...]  # -1 is the last one before; it is the reference
    by_period: tuple[Estimate, ...]  # the event study: leads before, effects after, 0 at the reference
    p_parallel: float | None  # joint test that all leads are 0; None where there is only one period before
    affected: Moments
    unaffected: Moments


def moments(values: NDArray[np.floating]) -> Moments:
    """Mean and covariance over persons, in one pass over chunks."""
    n, p = values.shape
    total, products = np.zeros(p), np.zeros((p, p))
    # Shifting by the first rows' mean keeps digits where values are large and vary little.
    shift = values[: min(n, 4096)].mean(axis=0, dtype=np.float64) if n else np.zeros(p)
    for start in range(0, n, CHUNK):
        part = values[start : start + CHUNK].astype(np.float64) - shift
        total += part.sum(axis=0)
        products += part.T @ part
    mean = total / max(n, 1)
    covariance = (products - n * np.outer(mean, mean)) / max(n - 1, 1)
    return Moments(n, mean + shift, covariance)


def compare(affected: Moments, unaffected: Moments, n_before: int) -> Difference:
    """The difference-in-differences of two groups.

    Args:
        n_before: how many of the periods lie before the incident.

    Source: the two-period case of Card and Krueger 1994; leads and lags as in Roth 2022, AER: Insights 4(3):305.
    """
    n_periods = len(affected.mean)
    n_after = n_periods - n_before
    assert n_before >= 1 and n_after >= 1
    gap = affected.mean - unaffected.mean
    error = affected.covariance / affected.n + unaffected.covariance / unaffected.n

    def contrast(weights: Floats) -> Estimate:
        return normal(float(weights @ gap), max(0.0, float(weights @ error @ weights)))

    whole = np.concatenate([np.full(n_before, -1.0 / n_before), np.full(n_after, 1.0 / n_after)])
    each = np.eye(n_periods)
    each[:, n_before - 1] -= 1.0
    leads = each[: n_before - 1]
    p_parallel = None
    if len(leads):
        seen, spread = leads @ gap, leads @ error @ leads.T
        rank = int(np.linalg.matrix_rank(spread, hermitian=True))
        p_parallel = tail_chi2(float(seen @ np.linalg.pinv(spread, hermitian=True) @ seen), rank)
    return Difference(
        effect=contrast(whole),
        periods=tuple(range(-n_before, n_after)),
        by_period=tuple(contrast(row) for row in each),
        p_parallel=p_parallel,
        affected=affected,
        unaffected=unaffected,
    )
