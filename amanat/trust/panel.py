"""The persons as measures see them: two groups of customers, what each did day by day, and what was set aside on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amanat.trust.survival import Curve, curve

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

HORIZON = 180  # days looked at on each side; what is published fades within three to six months
MONTH = 30


@dataclass(frozen=True, slots=True)
class Answers:
    """Survey answers, the last one of each person, question and period."""

    person: Ints  # row of the panel
    question: NDArray[Any]
    score: NDArray[np.float64]
    is_after: Flags


@dataclass(frozen=True, slots=True)
class Texts:
    """What people wrote; `person` is -1 where the author is nobody of the two groups."""

    person: Ints
    day: Ints  # from 0 on the day of `since`; negative before
    language: NDArray[Any]  # "" when unknown
    text: Any  # Arrow strings, in the same order


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Persons who were to be told, customers or not, and whom receipts of amanat's own say were reached."""

    day: Ints  # 1 on the first day of `since`, 0 before it, -1 when no receipt says so
    by: Mapping[str, list[dict[str, Any]]]  # "channel", "language", "residence" -> [{"name", "n", "reached"}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Persons of both groups, one row each, and what they did."""

    since: datetime
    until: datetime
    n_days: int  # whole days seen after `since`, at most HORIZON
    n_days_before: int
    is_affected: Flags
    is_customer: Flags  # at `since`: joined, not left
    day_left: Ints  # 1..n_days, or 0
    was_customer: Flags  # at the beginning of the days before, as far as we can see
    day_left_before: Ints  # 1..n_days_before, or 0
    n_months_before: int
    n_months_after: int
    orders: NDArray[np.float32]  # [n, months] euros
    logins: NDArray[np.float32]  # [n, months]
    has_history: Flags  # a customer through all the months before
    covariates: Mapping[str, NDArray[np.float64]]  # what else is known of each person: tenure, value
    told_day: Ints  # 1 for the first day; 0 when no notice is known to have reached the person
    paid_eur: NDArray[np.float64]
    answers: Answers
    texts: Texts
    reach: Reach | None = None  # None: amanat itself sent nothing, and only `told_day` is known

    def customers(self, is_affected: bool) -> Flags:
        """Who was a customer at `since`, of one group."""
        return self.is_customer & (self.is_affected == is_affected)

    def n(self, is_affected: bool) -> int:
        return int(self.customers(is_affected).sum())

    def curve(self, is_affected: bool) -> Curve:
        """Who stays after `since`."""
        return _stays(self.customers(is_affected), self.day_left, self.n_days)

    def curve_before(self, is_affected: bool) -> Curve:
        """Who stayed in the days before, of those who were customers at their beginning: no incident can show here."""
        return _stays(self.was_customer & (self.is_affected == is_affected), self.day_left_before, self.n_days_before)


def _stays(who: Flags, day_left: Ints, n_days: int) -> Curve:
    days = day_left[who]
    left = days > 0
    return curve(np.where(left, days, n_days), left, until=n_days)
