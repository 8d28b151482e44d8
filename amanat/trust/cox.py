"""Hazard ratios: Cox's model with Efron's treatment of days on which several persons leave.

Nobody is sorted. Each round passes once over the persons and adds them to the bin of their day; the sums over those
still at risk are then cumulative sums over days, so that ten million persons take a few passes over memory.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amanat.trust.chances import Z95, tail_chi2

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted model: log hazard ratios, their covariance, and the check that they do not change over time."""

    beta: Floats  # [p]
    covariance: Floats  # [p, p]
    log_likelihood: float
    # For each covariate, the p-value of "the ratio is the same on every day" (Grambsch and Therneau).
    p_proportional: Floats

    @property
    def se(self) -> Floats:
        return np.sqrt(np.diag(self.covariance))

    def ratio(self, i: int = 0) -> tuple[float, float, float]:
        """Hazard ratio of covariate `i` with its 95 % interval."""
        b, se = float(self.beta[i]), float(self.se[i])
        return float(np.exp(b)), float(np.exp(b - Z95 * se)), float(np.exp(b + Z95 * se))


class NotFound(ValueError):
    """No finite maximum: a covariate separates leavers from stayers, or does not vary."""


def fit(covariates: NDArray[Any], days: NDArray[np.integer], left: NDArray[np.bool_], *, rounds_max: int = 40) -> Fit:
    """Cox's proportional hazards by Newton's method.

    Args:
        covariates: [n_people, p].
        days: [n_people] day of leaving or last seen; any whole numbers from 0 on.
        left: [n_people].

    Raises:
        NotFound: the data cannot tell, for instance because everybody with a covariate left.

    Source: Cox 1972; Efron 1977, JASA 72:557; Grambsch and Therneau 1994, Biometrika 81:515.
    """
    from amanat.trust.cox_sums import efron, sums

    x = np.ascontiguousarray(covariates, dtype=np.float64)
    n, p = x.shape
    if not left.any() or n < 2:
        raise NotFound("nobody left, so there is no hazard to compare")
    middle = x.mean(axis=0)
    spread = x.std(axis=0)
    if (spread == 0).any():
        raise NotFound("a covariate is the same for everyone")
    # On this scale Newton's steps are well conditioned whatever the units are.
    scaled = (x - middle) / spread
    days = np.ascontiguousarray(days, dtype=np.int64)
    n_days = int(days.max()) + 1
    left = np.ascontiguousarray(left, dtype=np.bool_)
    beta = previous = np.zeros(p)
    likelihood = -np.inf
    for _ in range(rounds_max):
        value, gradient, information, _, _ = efron(sums(scaled, days, left, beta, n_days), beta)
        step = _solve(information, gradient)
        if value < likelihood - 1e-9 * abs(likelihood):
            beta = (beta + previous) / 2
            continue
        previous, is_near = beta, abs(value - likelihood) < 1e-12 * abs(value) and float(np.abs(step).max()) < 1e-9
        likelihood = value
        if is_near:
            break
        beta = beta + step
        if float(np.abs(beta).max()) > 30:
            raise NotFound("the ratio has no end: in one group everybody or nobody left")
    else:
        raise NotFound(f"no maximum was found in {rounds_max} rounds")
    value, gradient, information, residuals, n_left = efron(sums(scaled, days, left, beta, n_days), beta)
    covariance = np.linalg.inv(information)
    p_values = _proportional(residuals, n_left, covariance)
    return Fit(beta / spread, covariance / np.outer(spread, spread), float(value), p_values)


def _solve(information: Floats, gradient: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.solve(information, gradient), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise NotFound("the covariates cannot be told apart") from None


def _proportional(residuals: Floats, n_left: Floats, covariance: Floats) -> Floats:
    # Schoenfeld residuals scaled by the mean covariance, correlated with the day; all who leave on a day share its residual sum.
    n = float(n_left.sum())
    days = np.arange(len(n_left), dtype=np.float64)
    centred = days - float((days * n_left).sum()) / n
    spread = float((centred**2 * n_left).sum())
    if spread == 0:
        return np.ones(len(covariance))
    slope = (centred[:, None] * (residuals @ covariance)).sum(axis=0) * n
    statistic = slope**2 / (n * np.diag(covariance) * spread)
    return np.array([tail_chi2(float(s), 1) for s in statistic])
