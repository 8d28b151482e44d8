"""Intervals and tail chances, without a statistics library: a report must run where only NumPy is."""

import math

import numpy as np
from numpy.typing import NDArray

from amanat.terms.measure import Estimate

Z95 = 1.959963984540054  # 97.5 % point of the standard normal distribution


def normal(value: float, variance: float) -> Estimate:
    """The value with its 95 % interval, where the error is near normal."""
    half = Z95 * math.sqrt(variance)
    return Estimate(value=value, low=value - half, high=value + half)


def tail_normal(z: float) -> float:
    """Chance of a standard normal value at least as far from 0, on either side.

    >>> round(tail_normal(1.959964), 4)
    0.05
    """
    return math.erfc(abs(z) / math.sqrt(2.0))


def tail_chi2(x: float, df: int) -> float:
    """Chance that a chi-squared value with `df` degrees of freedom is at least `x`.

    >>> round(tail_chi2(3.841459, 1), 4), round(tail_chi2(11.0705, 5), 4)
    (0.05, 0.05)
    """
    if x <= 0 or df <= 0:
        return 1.0
    a, y = df / 2.0, x / 2.0
    scale = math.exp(-y + a * math.log(y) - math.lgamma(a))
    if y < a + 1.0:  # the series for the lower incomplete gamma function converges quickly here
        term = total = 1.0 / a
        n = a
        while abs(term) > abs(total) * 1e-15:
            n += 1.0
            term *= y / n
            total += term
        return max(0.0, 1.0 - total * scale)
    # Lentz's continued fraction for the upper one (Press et al., Numerical Recipes, 6.2).
    b = y + 1.0 - a
    c, d = 1e300, 1.0 / b
    h = d
    for i in range(1, 10_000):
        an = -i * (i - a)
        b += 2.0
        d = 1.0 / (an * d + b)
        c = b + an / c
        h *= d * c
        if abs(d * c - 1.0) < 1e-15:
            break
    return min(1.0, h * scale)


def wilson(k: float, n: float) -> Estimate:
    """A share k/n with its Wilson interval, which stays between 0 and 1 and holds for few answers too.

    Source: Wilson 1927, JASA 22(158):209; example of Newcombe 1998, Statistics in Medicine 17:857 (81 of 263).

    >>> interval = wilson(81, 263)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.2553, 0.3662)
    """
    assert 0 <= k <= n and n > 0
    p, z2 = k / n, Z95 * Z95
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Estimate(value=p, low=max(0.0, middle - half), high=min(1.0, middle + half))


def difference(one: Estimate, other: Estimate) -> Estimate:
    """one - other, from two intervals that need not be symmetric.

    Source: Newcombe 1998, Statistics in Medicine 17:873, method 10 ("square and add").

    >>> both = difference(wilson(56, 70), wilson(48, 80))
    >>> round(both.value, 4), round(both.low, 4), round(both.high, 4)
    (0.2, 0.0524, 0.3339)
    """
    value = one.value - other.value
    return Estimate(
        value=value,
        low=value - math.hypot(one.value - one.low, other.high - other.value),
        high=value + math.hypot(one.high - one.value, other.value - other.low),
    )


def net_promoters(scores: NDArray[np.float64]) -> tuple[float, float]:
    """Net promoter score in points (-100..100) and its variance: 100² (p + d - (p - d)²) / n.

    >>> score, variance = net_promoters(np.array([10, 9, 8, 3]))
    >>> score, round(variance, 2)
    (25.0, 1718.75)
    """
    promoters, detractors = float((scores >= 9).mean()), float((scores <= 6).mean())
    return 100 * (promoters - detractors), 10_000 * (promoters + detractors - (promoters - detractors) ** 2) / len(scores)
