"""Distribution: how sure we are of one input, as few numbers as a person can discuss."""

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

Shape = Literal["fixed", "uniform", "triangular", "lognormal", "chance", "unknown"]

# Of a lognormal 5 % lies below `low` and 5 % above `high`.
_Z95 = NormalDist().inv_cdf(0.95)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """fixed: `value`. uniform: `low` to `high`. triangular: `low`, `mode`, `high`. lognormal: 90 % lie from `low` to `high`.
    chance: happens with the chance `value` or does not. unknown: nobody has said anything, and nothing is counted."""

    shape: Shape
    value: float | None = None
    low: float | None = None
    mode: float | None = None
    high: float | None = None

    def wrong(self) -> str:
        """Why it cannot be, as a short phrase; empty when it can."""
        needs = {"fixed": ("value",), "uniform": ("low", "high"), "triangular": ("low", "mode", "high"), "lognormal": ("low", "high")}
        needs |= {"chance": ("value",), "unknown": ()}
        for name in ("value", "low", "mode", "high"):
            number = getattr(self, name)
            if (number is None) == (name in needs[self.shape]):
                return f"{self.shape} takes {' and '.join(needs[self.shape]) or 'no number'}"
            if number is not None and (not math.isfinite(number) or number < 0):
                return f"{name} is no number from 0"
        numbers = [n for n in (self.low, self.mode, self.high) if n is not None]
        if numbers != sorted(numbers):
            return "low, mode and high must rise"
        if self.shape == "chance" and self.value is not None and self.value > 1:
            return "a chance lies between 0 and 1"
        if self.shape == "lognormal" and not (self.low and self.high and self.low < self.high):
            return "a lognormal needs a low above 0 and a higher high"
        return ""

    def quantile(self, p: Any) -> Any:
        """The value below which the share `p` lies; for a number or an array of numbers strictly between 0 and 1."""
        p = np.asarray(p, dtype=np.float64)
        if self.shape == "fixed":
            return np.full_like(p, self.value)
        if self.shape == "uniform":
            return self.low + (self.high - self.low) * p  # type: ignore[operator]
        if self.shape == "triangular":
            return self._triangular(p)
        if self.shape == "lognormal":
            low, high = math.log(self.low or 1), math.log(self.high or 1)
            middle, spread = (low + high) / 2, (high - low) / 2 / _Z95
            return np.exp(middle + spread * _normal(p))
        if self.shape == "chance":
            return (p > 1 - (self.value or 0)).astype(np.float64)
        raise ValueError("what is unknown has no quantile")

    def _triangular(self, p: np.ndarray) -> np.ndarray:
        low, mode, high = self.low or 0.0, self.mode or 0.0, self.high or 0.0
        if high == low:
            return np.full_like(p, low)
        turn = (mode - low) / (high - low)
        rising = low + np.sqrt(p * (high - low) * (mode - low))
        falling = high - np.sqrt((1 - p) * (high - low) * (high - mode))
        return np.where(p < turn, rising, falling)


def _normal(p: np.ndarray) -> np.ndarray:
    """Quantiles of the standard normal distribution, by its exact inverse."""
    inverse = NormalDist().inv_cdf
    return np.array([inverse(float(one)) for one in p.ravel()]).reshape(p.shape)
