"""The silence clock: from the moment at which the public knew to the moments at which our customers were told by us."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from amanat.lib.moment import moment_of
from amanat.terms.fact import Fact, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """How long our customers read elsewhere what we had not told them."""

    public_at: datetime
    status: Status  # how sure we are of that moment
    first_at: datetime | None  # when the first of them was told
    half_at: datetime | None  # when half of them had been
    all_at: datetime | None  # when all of them had been
    n_told: int
    n_persons: int
    now: datetime

    @property
    def is_running(self) -> bool:
        """Whether the public knows and we have told nobody."""
        return self.first_at is None

    @property
    def minutes(self) -> int:
        """From public knowledge to the first person told, or to now; never below 0: who told first was not silent."""
        return _minutes(self.public_at, self.first_at or self.now)

    @property
    def minutes_to_half(self) -> int | None:
        return _minutes(self.public_at, self.half_at) if self.half_at else None

    @property
    def minutes_to_all(self) -> int | None:
        return _minutes(self.public_at, self.all_at) if self.all_at else None

    @property
    def is_ahead(self) -> bool:
        """Whether our customers heard it from us before the public did."""
        return self.first_at is not None and self.first_at <= self.public_at


def silence(facts: Mapping[str, Fact], told: Sequence[datetime], n_persons: int, *, now: datetime) -> Silence | None:
    """The clock; None while the public does not know, as far as we know.

    Args:
        told: when each person was first reached. Where we keep no receipts, the fact `notice_to_individuals` stands for the first.
        n_persons: who must be told.
    """
    public, public_at = facts.get("public_knowledge"), _moment(facts.get("public_knowledge"))
    if public is None or public_at is None or public_at > now:
        return None
    in_order = sorted(moment for moment in told if moment <= now)
    by_fact = _moment(facts.get("notice_to_individuals"))
    firsts = [*in_order[:1], *([by_fact] if by_fact and by_fact <= now else [])]
    half = -(-n_persons // 2)
    return Silence(
        public_at=public_at,
        status=public.status,
        first_at=min(firsts, default=None),
        half_at=in_order[half - 1] if 0 < half <= len(in_order) else None,
        all_at=in_order[n_persons - 1] if 0 < n_persons <= len(in_order) else None,
        n_told=len(in_order),
        n_persons=n_persons,
        now=now,
    )


def _moment(fact: Fact | None) -> datetime | None:
    if fact is None or fact.value is None or fact.status == "unknown":
        return None
    return fact.value if isinstance(fact.value, datetime) else moment_of(str(fact.value))


def _minutes(begin: datetime, end: datetime) -> int:
    return max(0, int((end - begin) / timedelta(minutes=1)))
