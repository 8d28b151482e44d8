"""Who stays how long: Kaplan-Meier curves, their Greenwood variance, and the log-rank test, on days counted in bins.

Ten million persons are two `bincount`s; everything after works on one number for each day.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amanat.terms.measure import Estimate
from amanat.trust.chances import Z95, normal, tail_chi2

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Curve:
    """Survival of one group on the days 0..n: who was still there, who left, and the curve with its variance."""

    at_risk: Ints  # [n + 1] persons who could still leave on this day
    left: Ints  # [n + 1]
    survival: Floats  # [n + 1] share still there at the end of the day
    variance: Floats  # [n + 1] Greenwood's

    @property
    def n(self) -> int:
        return int(self.at_risk[0])

    def interval(self) -> tuple[Floats, Floats]:
        """95 % band of the curve on the log scale, as R's survfit draws it; it never leaves 0..1."""
        with np.errstate(divide="ignore", invalid="ignore"):
            relative = np.where(self.survival > 0, np.sqrt(self.variance) / self.survival, 0.0)
        low = self.survival * np.exp(-Z95 * relative)
        return low, np.minimum(1.0, self.survival * np.exp(Z95 * relative))

    def median(self) -> int | None:
        """First day on which no more than half are still there; None when more than half stayed."""
        below = np.flatnonzero(self.survival <= 0.5)
        return int(below[0]) if len(below) else None


def curve(days: NDArray[np.integer], left: Flags, *, until: int | None = None) -> Curve:
    """The Kaplan-Meier curve.

    Args:
        days: [n_people] day on which the person left or was last seen, 0 or later.
        left: [n_people] whether they left on that day; otherwise they were only last seen.
        until: last day of the curve; later days count as seen there. Default: the latest day.

    Source: Kaplan and Meier 1958, JASA 53:457; Greenwood 1926.
    """
    if until is None:
        until = int(days.max(initial=0))
    within = np.minimum(days, until)
    ends = np.bincount(within, minlength=until + 1)
    leaves = np.bincount(days[left & (days <= until)], minlength=until + 1)
    return of_counts(ends, leaves)


def of_counts(ends: Ints, leaves: Ints) -> Curve:
    """The curve from the number of persons who end on each day, and how many of those left."""
    at_risk = ends[::-1].cumsum()[::-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        stays = np.where(at_risk > 0, 1.0 - leaves / at_risk, 1.0)
        grows = np.where((leaves > 0) & (at_risk > leaves), leaves / (at_risk.astype(np.float64) * (at_risk - leaves)), 0.0)
    survival = stays.cumprod()
    return Curve(at_risk.astype(np.int64), leaves.astype(np.int64), survival, survival**2 * grows.cumsum())


def excess_leavers(affected: Curve, unaffected: Curve) -> tuple[Floats, Floats]:
    """Share of the affected who left beyond those who would have left anyway, for each day, and its variance.

    D(t) = S_unaffected(t) - S_affected(t). Source: docs/explanation/trust.md, "Against whom do we compare?"
    """
    n = min(len(affected.survival), len(unaffected.survival))
    excess = unaffected.survival[:n] - affected.survival[:n]
    return excess, affected.variance[:n] + unaffected.variance[:n]


def excess_at(affected: Curve, unaffected: Curve, day: int) -> Estimate:
    """`excess_leavers` on one day, as a share with its 95 % interval."""
    excess, variance = excess_leavers(affected, unaffected)
    return normal(float(excess[day]), float(variance[day]))


def log_rank(one: Curve, other: Curve) -> tuple[float, float]:
    """Chi-squared statistic of the log-rank test with one degree of freedom, and its p-value.

    Source: Mantel 1966; Peto and Peto 1972. Tied days use the hypergeometric variance.
    """
    n_days = max(len(one.left), len(other.left))
    d1, d2, n1, n2 = (np.pad(a, (0, n_days - len(a))).astype(np.float64) for a in (one.left, other.left, one.at_risk, other.at_risk))
    d, n = d1 + d2, n1 + n2
    has = (d > 0) & (n > 1)
    d, n, d1, n1 = d[has], n[has], d1[has], n1[has]
    expected = d * n1 / n
    variance = float((d * (n1 / n) * (1 - n1 / n) * (n - d) / (n - 1)).sum())
    if variance <= 0:
        return 0.0, 1.0
    statistic = float((d1 - expected).sum()) ** 2 / variance
    return statistic, tail_chi2(statistic, 1)
