"""Who will get in touch, and how many of us does it take? The forecast of an incident, learned from its own cases."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min
from django.db.models.functions import TruncHour

from amanat import notify
from amanat.lib.errors import Fixable
from amanat.lib.moment import zone_of
from amanat.web.care.models import CaseMessage
from amanat.web.notify import pace, plans
from amanat.web.notify.actions import ask_for_counts
from amanat.web.notify.models import ApprovalRow, SendingRow
from amanat.web.notify.pace_models import PaceRow
from amanat.web.notify.queries import REACHED, company_of
from amanat.web.respond.models import Incident

SHOWN_DAYS = 7
CAME_HOURS = 48  # of the past that the picture shows


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The desk that is reckoned with."""

    staff: int | None = None
    hours: str = "0-24"
    days: str = "mon-sun"
    zone: str = "UTC"
    service_level: str = "80/60"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surge:
    """What a page shows."""

    asked: Asked
    seen: notify.Outlook
    days: tuple[Any, ...]
    paces: list[notify.Pace]
    as_fast: tuple[Any, ...]  # the same days, were everything sent as fast as the channels carry
    n_at_once: int
    n_waits: int  # still to be sent
    is_counting: bool  # the list is long, and a worker counts it
    n_came: int
    expected: tuple[float, float, float] | None  # by now, by the opening guess; None before the first notice
    came: dict[int, int]  # by hour of the forecast
    last_at: datetime  # when the last message must have left
    is_by_law: bool

    @property
    def is_quiet(self) -> bool:
        """Everything is sent, and not one more contact is likely in the days that are shown: an empty picture would say nothing."""
        return not self.n_waits and sum(day.contacts_high for day in self.days) < 1


def asked_before(incident: Incident) -> Asked:
    """The desk of the last choice, or one that is always open in the company's country."""
    row: PaceRow | None = pace.newest(incident)
    if row is not None:
        return Asked(staff=row.staff_n, hours=row.hours, days=row.days, zone=row.zone, service_level=row.service_level)
    try:
        country = company_of(incident).country
    except (Fixable, OSError):
        country = ""
    return Asked(zone=zone_of(country) or "UTC")


def surge_of(incident: Incident, asked: Asked, *, now: datetime) -> Surge:
    """The forecast; raises BadSurge for a desk that cannot be."""
    service, zone = notify.Service.read(asked.service_level), notify.zone_named(asked.zone)
    desk = notify.desk_of(asked.staff or 0, notify.read_hours(asked.hours), notify.read_days(asked.days))
    company = company_of(incident)
    counts = plans.counts_of(incident, now=now) if incident.wrapped_keys is not None else None
    if counts is None and incident.wrapped_keys is not None:
        ask_for_counts(incident)
    fastest = {**notify.ASSUMED_PER_HOUR, **company.messages_per_hour}
    loads = pace.as_loads(incident, counts, fastest)
    sent, contacts = _sent(incident), _contacts(incident)
    approval = ApprovalRow.objects.filter(incident=incident, voided_at=None).exclude(approved_at=None).order_by("-approved_at").first()
    # Where not one case ever came here, people may be calling somewhere else: not to know is not that nobody called.
    shared: dict[str, Any] = {"now": now, "zone": zone, "sent": sent, "contacts": contacts or None, "service": service}
    found, by_channel = [], {}
    if asked.staff is not None:
        since = approval.approved_at if approval else None
        found = notify.paces(loads, desk, deadline=pace.deadline_of(incident), waits_since=since, **shared)
        chosen = pace.newest(incident)
        by_channel = {one.channel: one.per_hour for one in found} if chosen is None or chosen.choice == "follow_desk" else {}
    is_staffed = asked.staff is not None
    seen = notify.outlook(loads, desk, is_staffed=is_staffed, per_hour=by_channel, **shared)
    fast = notify.outlook(loads, desk, is_staffed=is_staffed, **shared)
    first = min((one.at for one in sent), default=None)
    last_at, by_law = pace.last_moment(incident, approval, now=now), pace.deadline_of(incident)
    return Surge(
        asked=asked,
        seen=seen,
        days=seen.days[:SHOWN_DAYS],
        paces=found,
        as_fast=fast.days[:SHOWN_DAYS],
        n_at_once=sum(load.n_at_once for load in loads),
        n_waits=sum(load.n for load in loads),
        is_counting=counts is None and incident.wrapped_keys is not None and not loads and not sent,
        n_came=sum(at >= first for at in contacts) if first else 0,
        expected=notify.expected_so_far(sent, now=now) if first else None,
        came=_by_hour(contacts, seen.begins_at),
        last_at=last_at,
        is_by_law=last_at == by_law,
    )


def _sent(incident: Incident) -> list[notify.Sent]:
    """Messages that arrived, by hour and channel."""
    rows = SendingRow.objects.filter(incident=incident, state__in=REACHED).annotate(hour=TruncHour("changed_at"))
    grouped = rows.values("hour", "channel").annotate(n=Count("id")).order_by("hour", "channel")
    return [notify.Sent(at=one["hour"], n=one["n"], channel=one["channel"]) for one in grouped]


def _contacts(incident: Incident) -> list[datetime]:
    """When each case began: its first message, for a case that goes on is opened anew and is no further contact."""
    rows = CaseMessage.objects.filter(case__incident=incident, is_from_person=True).values("case").annotate(at=Min("at")).order_by("at")
    return [one["at"] for one in rows]


def _by_hour(contacts: list[datetime], begins_at: datetime) -> dict[int, int]:
    since = begins_at - timedelta(hours=CAME_HOURS)
    n = Counter((at - begins_at) // timedelta(hours=1) for at in contacts if at >= since)
    return dict(n)
