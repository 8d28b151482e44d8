"""Costs: how the inputs and the case become sums of money, one component after the other. Plain arithmetic over arrays of draws.

A component whose inputs nobody knows is not counted, and says what it needs: unknown is not nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from amanat.assess.edpb import gravest
from amanat.assess.money.case import Case

HOURS_A_YEAR = 8760


class Needs(Exception):
    """A component lacks what it cannot be reckoned without: ids of inputs or names of facts."""

    def __init__(self, *names: str) -> None:
        super().__init__(*names)
        self.names = names


@dataclass(slots=True)
class Draws:
    """One array of draws for each input. Asking for one that is not known raises Needs; `used` says who was asked."""

    values: dict[str, np.ndarray]
    n: int
    used: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> np.ndarray:
        self.used.add(name)
        if name not in self.values:
            raise Needs(name)
        return self.values[name]

    def known(self, *names: str) -> bool:
        return all(name in self.values for name in names)


Component = Callable[[Case, Draws], np.ndarray]


def _none(d: Draws) -> np.ndarray:
    return np.zeros(d.n)


def _persons(case: Case, d: Draws) -> np.ndarray:
    if case.persons is None:
        raise Needs("residents")
    return d["persons"]


def detection(case: Case, d: Draws) -> np.ndarray:
    found = d["forensic_hours"] * d["forensic_rate"] + d["own_hours"] * d["labour_cost"]
    return found + d["rebuild_hours"] * d["labour_cost"] if case.is_rebuilt else found


def notification(case: Case, d: Draws) -> np.ndarray:
    by_letter = np.ones(d.n) if case.is_by_letter_only else d["letter_share"]
    return _persons(case, d) * (by_letter * d["letter_cost"] + (1 - by_letter) * d["email_cost"]) + d["wording_cost"]


def call_centre(case: Case, d: Draws) -> np.ndarray:
    return _persons(case, d) * d["contact_rate"] * d["handling_minutes"] / 60 * d["agent_cost"] + d["line_cost"]


def legal(case: Case, d: Draws) -> np.ndarray:
    return (d["counsel_hours"] + case.n_authority_laws * d["hours_per_authority"]) * d["counsel_rate"]


def damages(case: Case, d: Draws) -> np.ndarray:
    return _persons(case, d) * d["claim_share"] * d["claim_amount"]


def goodwill(case: Case, d: Draws) -> np.ndarray:
    return _persons(case, d) * d["goodwill_per_person"]


def collective(case: Case, d: Draws) -> np.ndarray:
    return d["collective_chance"] * _persons(case, d) * d["collective_share"] * d["collective_amount"]


def monitoring(case: Case, d: Draws) -> np.ndarray:
    if case.watched is None:
        raise Needs("residents", "kinds")
    return d["watched"] * d["take_up"] * d["monitoring_price"] * d["monitoring_years"]


def lost_business(case: Case, d: Draws) -> np.ndarray:
    customers = d["customers"] if d.known("customers") else _persons(case, d)
    return customers * d["excess_churn"] * d["yearly_value"] * d["margin"] * d["lost_years"]


def lost_sales(case: Case, d: Draws) -> np.ndarray:
    if case.was_interrupted is False:
        return _none(d)
    if case.downtime_hours is None or case.turnover_eur is None:
        raise Needs(*[name for name, v in (("downtime_hours", case.downtime_hours), ("turnover_eur", case.turnover_eur)) if v is None])
    return case.downtime_hours * case.turnover_eur / HOURS_A_YEAR * d["stood_still_share"] * d["margin"]


def lost_work(case: Case, d: Draws) -> np.ndarray:
    if case.was_interrupted is False:
        return _none(d)
    if case.downtime_hours is None:
        raise Needs("downtime_hours", *([] if d.known("idle_staff") else ["idle_staff"]))
    # Nobody works round the clock: of an hour that services are down about a quarter is somebody's working hour (1,800 of 8,760).
    return case.downtime_hours * (1800 / HOURS_A_YEAR) * d["idle_staff"] * d["labour_cost"]


def insurance(case: Case, d: Draws) -> np.ndarray:
    return d["insurance_premium"] * d["premium_rise"]


def partners(case: Case, d: Draws) -> np.ndarray:
    return d["contracts_at_risk"] * d["contracts_lost_share"]


def fine(case: Case, d: Draws) -> np.ndarray:
    """A fine under the GDPR: imposed or not; if so between the starting amounts of the gravest infringement; never above its maximum."""
    if not case.ranges:
        return _none(d)
    worst = gravest(case.ranges)
    factor = factor_of(case, d["fine_circumstances"])
    amount = (float(worst.low) + (float(worst.high) - float(worst.low)) * d["fine_place"]) * factor
    return d["fine_chance"] * np.minimum(amount, float(worst.maximum))


def factor_of(case: Case, factor: np.ndarray) -> np.ndarray:
    """Where all that the facts say aggravates, the factor does not fall below 1; where all of it mitigates, it does not rise above."""
    directions = {one.is_aggravating for one in case.circumstances}
    return np.maximum(factor, 1) if directions == {True} else np.minimum(factor, 1) if directions == {False} else factor


COMPONENTS: dict[str, Component] = {
    "detection": detection,
    "notification": notification,
    "call_centre": call_centre,
    "legal": legal,
    "damages": damages,
    "goodwill": goodwill,
    "collective": collective,
    "monitoring": monitoring,
    "lost_business": lost_business,
    "lost_sales": lost_sales,
    "lost_work": lost_work,
    "insurance": insurance,
    "partners": partners,
    "fine": fine,
}
