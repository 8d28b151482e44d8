"""The two loops behind `cox.fit`, compiled: one over persons, one over days."""

from typing import Any

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def sums(x: Any, days: Any, left: Any, beta: Any, n_days: int) -> Any:
    """Sums of weights, weighted covariates and their products for each day: over all who end there, and over those who leave."""
    n, p = x.shape
    s0, d0 = np.zeros(n_days), np.zeros(n_days)
    s1, d1, seen = np.zeros((n_days, p)), np.zeros((n_days, p)), np.zeros((n_days, p))
    s2, d2 = np.zeros((n_days, p, p)), np.zeros((n_days, p, p))
    n_left = np.zeros(n_days)
    for i in range(n):
        eta = 0.0
        for j in range(p):
            eta += x[i, j] * beta[j]
        w = np.exp(eta)
        t = days[i]
        s0[t] += w
        for j in range(p):
            wx = w * x[i, j]
            s1[t, j] += wx
            for k in range(j + 1):
                s2[t, j, k] += wx * x[i, k]
        if left[i]:
            n_left[t] += 1.0
            d0[t] += w
            for j in range(p):
                wx = w * x[i, j]
                d1[t, j] += wx
                seen[t, j] += x[i, j]
                for k in range(j + 1):
                    d2[t, j, k] += wx * x[i, k]
    # Who ends on a day is at risk on every day before it.
    for t in range(n_days - 2, -1, -1):
        s0[t] += s0[t + 1]
        for j in range(p):
            s1[t, j] += s1[t + 1, j]
            for k in range(j + 1):
                s2[t, j, k] += s2[t + 1, j, k]
    return s0, s1, s2, d0, d1, d2, seen, n_left


@numba.njit(cache=True, nogil=True)
def efron(of_days: Any, beta: Any) -> Any:
    """Log-likelihood, gradient, information, and Schoenfeld residuals summed over each day, from what `sums` gives."""
    s0, s1, s2, d0, d1, d2, seen, n_left = of_days
    n_days, p = s1.shape
    value = 0.0
    gradient, information = np.zeros(p), np.zeros((p, p))
    residuals = np.zeros((n_days, p))
    mean = np.zeros(p)
    for t in range(n_days):
        d = int(n_left[t])
        if d == 0:
            continue
        for j in range(p):
            value += seen[t, j] * beta[j]
            residuals[t, j] = seen[t, j]
        for tie in range(d):
            share = tie / d
            z0 = s0[t] - share * d0[t]
            value -= np.log(z0)
            for j in range(p):
                mean[j] = (s1[t, j] - share * d1[t, j]) / z0
                residuals[t, j] -= mean[j]
            for j in range(p):
                for k in range(j + 1):
                    information[j, k] += (s2[t, j, k] - share * d2[t, j, k]) / z0 - mean[j] * mean[k]
        for j in range(p):
            gradient[j] += residuals[t, j]
    for j in range(p):
        for k in range(j):
            information[k, j] = information[j, k]
    return value, gradient, information, residuals, n_left
