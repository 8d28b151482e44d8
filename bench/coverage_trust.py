"""Do the 95 % intervals of trust hold the true effect in 95 of 100 companies? Four hundred invented ones are asked.

`python -m bench.coverage_trust [SEEDS] [PERSONS]`; exit 1 when a share lies outside 92.5–97.5 %. It is no part of the test suite: it takes
minutes. The companies behave as the practice company does (`prepare/behaviour.py`), whose effect is known exactly; ratios and
corrected shares are drawn from models of their own, because the practice company has no constant ratio.
"""

import sys
from collections import defaultdict
from typing import Any

import numpy as np

from amanat.lib.table import table
from amanat.prepare import behaviour
from amanat.prepare.draw import Draw
from amanat.terms.measure import Estimate
from amanat.trust import chances, cox, difference, sentiment, survival

EXCESS = 0.03
LEAST, MOST = 0.925, 0.975


def practice(seed: int, n: int) -> dict[str, tuple[float, Estimate]]:
    """Excess churn and orders among customers who behave as the practice company's do."""
    draw = Draw(seed, np.arange(n))
    affected = draw.chance("who", 0.5)
    share = draw.share("left.after")
    days = np.where(affected, behaviour.last_days(share, EXCESS), behaviour.last_days(share, 0.0))
    left = days > 0
    end = np.where(left, days, behaviour.WINDOW)
    curves = [survival.curve(end[group], left[group], until=behaviour.WINDOW) for group in (affected, ~affected)]
    found = {f"excess churn, day {day}": (true_excess(day), survival.excess_at(*curves, day)) for day in (30, 180)}

    value = np.round(60 * np.exp(draw.share("value") * 4.2)) * (behaviour.MONTH / 365) / behaviour.ORDERS
    lost = behaviour.lost_share(behaviour.ORDERS_LOST)
    months = np.zeros((n, 2 * behaviour.N_MONTHS))
    for month in range(-behaviour.N_MONTHS, behaviour.N_MONTHS):
        for chance in (0, 1):
            mark = f"order.{month}.{chance}"
            keep = behaviour.ORDERS / 2 * np.where(affected & (month >= 0), 1 - lost[max(month, 0)], 1.0)
            day = month * behaviour.MONTH + np.floor(draw.share(f"{mark}.at") * behaviour.MONTH) + 1
            bought = (draw.share(mark) < keep) & ~(left & (month >= 0) & (day >= days))
            months[:, month + behaviour.N_MONTHS] += bought * value * (0.5 + draw.share(f"{mark}.value"))
    compared = difference.compare(difference.moments(months[affected]), difference.moments(months[~affected]), behaviour.N_MONTHS)
    there, without = (behaviour.stays(e)[1:].reshape(behaviour.N_MONTHS, behaviour.MONTH).mean(axis=1) for e in (EXCESS, 0.0))
    # The mean of 60·exp(4.2·u) over u in 0..1, for a year; a month is 30 of 365 days.
    monthly = 60 * (np.exp(4.2) - 1) / 4.2 * behaviour.MONTH / 365
    found["orders, euros a month"] = (monthly * float((there * (1 - lost) - without).mean()), compared.effect)
    return found


def true_excess(day: int) -> float:
    """The true excess churn of the practice company on a day."""
    return float(behaviour.stays(0.0)[day] - behaviour.stays(EXCESS)[day])


def drawn(seed: int, n: int) -> dict[str, tuple[float, Estimate]]:
    """A constant hazard ratio, a net promoter score, two shares, and a share of complaints read with errors."""
    random = np.random.default_rng(seed)
    affected = random.random(n) < 0.5
    time = np.ceil(random.exponential(1 / (0.0006 * np.exp(0.35 * affected)))).astype(np.int64)
    left = time <= 180
    value, low, high = cox.fit(affected[:, None].astype(float), np.minimum(time, 180), left).ratio()
    found = {"hazard ratio": (float(np.exp(0.35)), Estimate(value=value, low=low, high=high))}

    scores = [random.choice([10.0, 8.0, 3.0], size=400, p=p) for p in ((0.25, 0.35, 0.40), (0.45, 0.35, 0.20))]
    (a, va), (b, vb) = (chances.net_promoters(s) for s in scores)
    found["NPS difference"] = (-40.0, chances.normal(a - b, va + vb))
    counts = [(random.binomial(120, p), 120) for p in (0.6, 0.75)]
    found["CSAT difference"] = (-0.15, chances.difference(chances.wilson(*counts[0]), chances.wilson(*counts[1])))

    errors = sentiment.Accuracy(60, int(random.binomial(60, 0.75)), 60, int(random.binomial(60, 0.9)))
    read = [random.binomial(500, p * 0.75 + (1 - p) * 0.1) for p in (0.55, 0.20)]
    share = sentiment.corrected_share(read[0], 500, errors)
    gap = sentiment.corrected_difference((read[0], 500), (read[1], 500), errors)
    if share and gap:
        found |= {"complaints, corrected": (0.55, share), "complaints, difference": (0.35, gap)}
    return found


def main() -> int:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    held: dict[str, list[bool]] = defaultdict(list)
    wide: dict[str, list[float]] = defaultdict(list)
    true: dict[str, Any] = {}
    for seed in range(1, seeds + 1):
        for name, (value, estimate) in {**practice(seed, n), **drawn(seed, n)}.items():
            held[name].append(estimate.low <= value <= estimate.high)
            wide[name].append(estimate.high - estimate.low)
            true[name] = value
    shares = {name: float(np.mean(flags)) for name, flags in held.items()}
    rows = [
        [name, f"{true[name]:.4g}", f"{share:.1%}", f"{np.mean(wide[name]):.4g}", "" if LEAST <= share <= MOST else "outside"]
        for name, share in shares.items()
    ]
    print(table([f"{seeds} companies of {n:,}", "true", "held by", "mean width", ""], rows, right=[1, 2, 3]))
    return int(any(not LEAST <= share <= MOST for share in shares.values()))


if __name__ == "__main__":
    sys.exit(main())
