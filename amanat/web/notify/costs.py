"""What sending costs and how long it takes, from the company's own figures; what nobody entered is said, not guessed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from amanat import notify
from amanat.terms.company import Company, Price

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Messages on one channel, with their cost and time; None where it cannot be said."""

    channel: str
    n: int
    n_units: int  # what is paid for: text messages in segments, all else in messages
    unit: Price | None
    total: Price | None
    per_hour: int | None
    pace: str  # stated | assumed | ""
    minutes: int | None


def estimates(company: Company, n_by_channel: Iterable[tuple[str, int]], units: Mapping[str, int] | None = None) -> list[Estimate]:
    """What so many messages on each channel cost and how long they take; `units` are what is paid for, where those are not the messages."""
    return [_estimate(company, channel, n, (units or {}).get(channel, n)) for channel, n in n_by_channel]


def total(found: Iterable[Estimate]) -> list[Price]:
    """The cost of all channels by currency; empty when no cost is known of any."""
    sums: dict[str, Decimal] = {}
    for one in found:
        if one.total:
            sums[one.total.currency] = sums.get(one.total.currency, Decimal(0)) + one.total.amount
    return [Price(amount, currency) for currency, amount in sorted(sums.items())]


def ends_at(found: Iterable[Estimate], *, now: datetime) -> datetime | None:
    """When the last channel whose pace is known is done; channels are worked on side by side."""
    minutes = [one.minutes for one in found if one.minutes is not None]
    return now + timedelta(minutes=max(minutes)) if minutes else None


def _estimate(company: Company, channel: str, n: int, n_units: int) -> Estimate:
    unit = company.price_of(channel)
    stated = company.messages_per_hour.get(channel)
    per_hour = stated or notify.ASSUMED_PER_HOUR.get(channel)
    return Estimate(
        channel=channel,
        n=n,
        n_units=n_units,
        unit=unit,
        total=Price((unit.amount * n_units).quantize(CENT), unit.currency) if unit else None,
        per_hour=per_hour,
        pace="stated" if stated else "assumed" if per_hour else "",
        minutes=-(-n * 60 // per_hour) if per_hour else None,
    )
