"""How wrong may we be: upper bounds from a sample that a person has checked.

Within a stratum the bound is Clopper's and Pearson's (Biometrika 26, 1934): exact, one-sided, never too small. Strata are put
together by Bonferroni's inequality: each gets its part of the 5 % that may go wrong, and the sum of the bounds holds for the
whole. That is wider than a joint bound would be, and it needs no assumption about how strata differ.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """A part of the whole from which a random sample was checked."""

    name: str
    n_all: int
    n_checked: int
    n_bad: int


def upper_share(n_bad: int, n_checked: int, confidence: float = CONFIDENCE) -> float:
    """The largest share of bad ones that could, with the given confidence, show no more than `n_bad` among `n_checked`.

    >>> round(upper_share(0, 59), 4), round(upper_share(1, 10), 4), upper_share(0, 0)
    (0.0495, 0.3942, 1.0)
    """
    assert 0 <= n_bad <= n_checked and 0 < confidence < 1
    if n_bad == n_checked:
        return 1.0
    low, high = n_bad / n_checked, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(n_bad, n_checked, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def upper_total(strata: Sequence[Stratum], confidence: float = CONFIDENCE) -> float:
    """How many bad ones there may be in all strata together; what was checked to the last is counted as it is."""
    open_ones = [s for s in strata if s.n_checked < s.n_all]
    total = float(sum(s.n_bad for s in strata if s.n_checked >= s.n_all))
    for s in open_ones:
        total += s.n_all * upper_share(s.n_bad, s.n_checked, 1 - (1 - confidence) / len(open_ones))
    return total


def shares_of(sizes: Sequence[int], n: int, least: int = 10) -> list[int]:
    """How many to draw from each stratum: by the root of its size, which makes the sum of the bounds small; none beyond its size.

    >>> shares_of([1_000_000, 10_000, 5, 0], 110)
    [95, 10, 5, 0]
    """
    drawn = [min(size, least, n) for size in sizes]
    left = max(0, n - sum(drawn))
    while left > 0 and any(d < size for d, size in zip(drawn, sizes, strict=True)):
        # One at a time where it lowers the sum most: n_all / n_checked falls by about n_all / n_checked².
        best = max((i for i, size in enumerate(sizes) if drawn[i] < size), key=lambda i: sizes[i] / max(drawn[i], 0.5) ** 2)
        drawn[best] += 1
        left -= 1
    return drawn


def _at_most(k: int, n: int, p: float) -> float:
    """The chance of at most k bad ones among n, when each is bad with chance p."""
    if p <= 0:
        return 1.0
    if p >= 1:
        return 0.0
    log_p, log_q = math.log(p), math.log1p(-p)
    logs = [math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * log_p + (n - i) * log_q for i in range(k + 1)]
    top = max(logs)
    return math.exp(top) * math.fsum(math.exp(one - top) for one in logs)
