"""Curves, hazard ratios and difference-in-differences on a million customers, beside lifelines and pyfixest.

`python -m bench.bench_trust 10000000` measures ten million; peers that need more than PEER_MAX customers' memory or time are left at PEER_MAX.
"""

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

N = 1_000_000
PEER_MAX = 1_000_000
N_MONTHS, N_BEFORE = 12, 6


def customers(n: int) -> dict[str, Any]:
    """Invented customers: day of leaving or last seen, two covariates, monthly spending."""
    random = np.random.default_rng(1)
    affected = random.random(n) < 0.5
    tenure = random.gamma(2.0, 2.0, n)
    hazard = 0.0004 * np.exp(0.4 * affected - 0.05 * tenure)
    day = np.minimum(180, np.ceil(random.exponential(1 / hazard))).astype(np.int64)
    left = (day < 180) & (random.random(n) < 0.95)
    months = random.gamma(1.0, 30.0, (n, N_MONTHS)).astype(np.float32)
    months[:, N_BEFORE:] -= 3.0 * affected[:, None]
    return {"affected": affected, "tenure": tenure, "day": day, "left": left, "months": months}


def seconds(what: Callable[[], Any], *, times: int = 3) -> tuple[float, Any]:
    """The best of a few runs, and the result."""
    best, result = float("inf"), None
    for _ in range(times):
        began = time.perf_counter()
        result = what()
        best = min(best, time.perf_counter() - began)
    return best, result


def row(what: str, ours: float, peer: str, theirs: float | None) -> dict[str, str]:
    return {
        "what": what,
        "ours": f"{ours:.3f} s",
        "peer": peer,
        "theirs": f"{theirs:.3f} s" if theirs else "not run",
        "ratio": f"{theirs / ours:.1f}×" if theirs else "",
    }


def curve(data: dict[str, Any], n: int) -> dict[str, str]:
    from lifelines import KaplanMeierFitter

    from amanat.trust import survival

    ours, mine = seconds(lambda: survival.curve(data["day"], data["left"]))
    theirs = None
    if n <= PEER_MAX:
        theirs, other = seconds(lambda: KaplanMeierFitter().fit(data["day"], data["left"]))
        np.testing.assert_allclose(mine.survival[90], other.survival_function_at_times(90).iloc[0], rtol=1e-9)
    return row(f"Kaplan–Meier with Greenwood's band, {n:,} customers", ours, "lifelines", theirs)


def ratio(data: dict[str, Any], n: int) -> dict[str, str]:
    import pandas as pd
    from lifelines import CoxPHFitter

    from amanat.trust import cox

    x = np.column_stack([data["affected"].astype(np.float64), data["tenure"]])
    cox.fit(x[:1000], data["day"][:1000], data["left"][:1000])  # compiles, once for each installation
    ours, mine = seconds(lambda: cox.fit(x, data["day"], data["left"]), times=2)
    theirs = None
    if n <= PEER_MAX:
        table = pd.DataFrame({"affected": x[:, 0], "tenure": x[:, 1], "day": data["day"], "left": data["left"]})
        CoxPHFitter().fit(table[:1000], "day", "left")
        theirs, other = seconds(lambda: CoxPHFitter().fit(table, "day", "left"), times=2)
        np.testing.assert_allclose(mine.beta, other.params_, atol=1e-6)
    return row(f"Cox (Efron), two covariates, with the check of proportionality, {n:,} customers", ours, "lifelines (without the check)", theirs)


def difference(data: dict[str, Any], n: int) -> dict[str, str]:
    from amanat.trust import difference as ours_

    affected = data["affected"]

    def effect() -> Any:
        return ours_.compare(ours_.moments(data["months"][affected]), ours_.moments(data["months"][~affected]), N_BEFORE)

    ours, mine = seconds(effect)
    theirs = None
    if n <= PEER_MAX:
        try:
            import pandas as pd
            import pyfixest
        except ImportError:
            return row(f"difference-in-differences with event study, {n:,} customers × {N_MONTHS} months", ours, "pyfixest (not installed)", None)
        table = pd.DataFrame(
            {
                "person": np.repeat(np.arange(n, dtype=np.int32), N_MONTHS),
                "month": np.tile(np.arange(N_MONTHS, dtype=np.int8), n),
                "spent": data["months"].ravel().astype(np.float64),
            }
        )
        table["treated"] = (np.repeat(affected, N_MONTHS) & (table["month"] >= N_BEFORE)).astype(np.float64)
        formula, vcov = "spent ~ treated | person + month", {"CRV1": "person"}
        pyfixest.feols(formula, table[: 1000 * N_MONTHS], vcov=vcov)  # it compiles as well
        theirs, other = seconds(lambda: pyfixest.feols(formula, table, vcov=vcov), times=2)
        np.testing.assert_allclose(mine.effect.value, other.coef().iloc[0], rtol=1e-5)
    return row(f"difference-in-differences with event study, {n:,} customers × {N_MONTHS} months", ours, "pyfixest (the effect alone)", theirs)


def measure(n: int = N) -> list[dict[str, str]]:
    data = customers(n)
    return [curve(data, n), ratio(data, n), difference(data, n)]


if __name__ == "__main__":
    for one in measure(int(sys.argv[1]) if len(sys.argv) > 1 else N):
        print(one)
