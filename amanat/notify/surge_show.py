"""`amanat notify plan`, the second half: what the notices of a case will bring to the desk, as text, JSON and picture."""

import csv
import json
from argparse import Namespace
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from amanat.lib.errors import Fixable
from amanat.lib.moment import moment_of, zone_of
from amanat.lib.table import table
from amanat.notify.case import company_of, table_of
from amanat.notify.receipts import REACHED, states_of
from amanat.notify.surge import Service, guesses
from amanat.notify.surge_chart import strip, surge_svg
from amanat.notify.surge_plan import (
    ASSUMED_PER_HOUR,
    Load,
    Outlook,
    Pace,
    Sent,
    desk_of,
    is_at_once,
    outlook,
    paces,
    read_days,
    read_hours,
    zone_named,
)
from amanat.terms.company import Company

SHOWN_DAYS = 7


class BadContacts(Fixable):
    """A file of contacts that tells no moments."""


def surge_of(given: Namespace, plan: Any, *, now: datetime) -> tuple[dict[str, Any], str]:
    """Keys and text of the forecast for a case."""
    service, hours, days = Service.read(given.service_level), read_hours(given.hours), read_days(given.days)
    assessment = _assessment(given.case)
    company = company_of(given.case)
    zone = zone_named(given.zone) if given.zone else zone_of(company.country) or "UTC"
    desk, is_staffed = desk_of(given.staff or 0, hours, days), given.staff is not None
    contacts = read_contacts(given.contacts) if given.contacts else None
    sent, told = _sent(given.case)
    loads = _loads(given.case, plan, told, company, severity=str(assessment.get("severity", {}).get("band", "")))
    shared: dict[str, Any] = {"now": now, "zone": zone, "sent": sent, "contacts": contacts, "service": service}
    chosen = paces(loads, desk, deadline=_deadline(assessment), **shared) if is_staffed else []
    seen = outlook(loads, desk, is_staffed=is_staffed, per_hour={one.channel: one.per_hour for one in chosen}, **shared)
    if given.chart:
        given.chart.write_text(surge_svg(seen, n_days=SHOWN_DAYS), encoding="utf-8")
    n_at_once = sum(load.n_at_once for load in loads)
    keys = {
        "forecast": _as_json(seen),
        "paces": [asdict(one) for one in chosen],
        "n_at_once": n_at_once,
        "zone": zone,
        "service_level": given.service_level,
    }
    return keys, as_text(seen, chosen, loads, given.chart)


def read_contacts(path: Path) -> list[datetime]:
    """The moments of a CSV with a column `opened_at` or `at`; raises BadContacts with the row."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        column = next((name for name in ("opened_at", "at") if name in (rows.fieldnames or ())), None)
        if column is None:
            raise BadContacts(f"{path}: has no column opened_at or at; write one moment with its offset on each row")
        found = []
        for n, row in enumerate(rows, start=2):
            moment = moment_of((row[column] or "").strip())
            if moment is None:
                raise BadContacts(f"{path}: row {n}: {column} is no moment with its offset, such as 2026-03-06T18:00:00+01:00")
            found.append(moment)
    return found


def as_text(seen: Outlook, chosen: list[Pace], loads: list[Load], chart: Path | None) -> str:
    """The forecast for the terminal."""
    low, middle, high = seen.forecast.contacts
    rate = [f"{share * 100:.1f}" for share in seen.forecast.rate]
    learned = (
        f"learned from {seen.contacts_so_far:,} contacts in {seen.hours_so_far:,.0f} hours"
        if seen.hours_so_far
        else "an opening guess; --contacts replaces it as soon as somebody calls"
    )
    n_all = seen.n_told + sum(load.n for load in loads)
    lines = [
        f"Of {n_all:,} persons told, {middle:,} get in touch ({low:,} to {high:,} in 90 of 100 incidents):"
        f" {rate[1]} % ({rate[0]} to {rate[2]}), {learned}.",
        f"Staff needed for {seen.service.share * 100:.0f} of 100 answered within {seen.service.seconds:.0f} seconds, clock of {seen.zone}:",
        "",
    ]
    most = max((n for day in seen.days[:SHOWN_DAYS] for n in day.hours if n), default=1.0)
    rows = [
        [
            f"{day.day:%a} {day.day.isoformat()}",
            f"{_few(day.contacts)} ({_few(day.contacts_low)}–{_few(day.contacts_high)})",
            f"{day.agents_needed} ({day.agents_needed_high})",
            _wait(day.wait_seconds) if day.is_waiting_known else "",
            strip(day.hours, most),
        ]
        for day in seen.days[:SHOWN_DAYS]
    ]
    lines.append(table(["day", "contacts", "staff at its peak", "longest wait", "0h    6h    12h   18h"], rows, right=[1, 2, 3]))
    lines.append(f"\nThe tallest block is {_few(most)} contacts an hour; a dot is an hour in which the desk is closed.")
    if seen.forecast.queue_max > 0.5 and seen.is_staffed:
        lines.append(f"More come in than can be served: up to {seen.forecast.queue_max:,.0f} wait at the end of an hour.")
    for one in chosen:
        lines.append(_pace_text(one))
    n_at_once = sum(load.n_at_once for load in loads)
    if n_at_once:
        lines.append(f"{n_at_once:,} are told at once whatever the pace: with what was exposed of them, hours count (surge.toml).")
    if chart:
        lines.append(f"Drawn into {chart}.")
    return "\n".join(lines)


def _pace_text(one: Pace) -> str:
    whose = "the law’s deadline" if one.is_by_law else "the longest that we let anybody wait"
    if one.per_hour >= one.fastest:
        slow = "as fast as it carries"
    else:
        slow = f"{one.per_hour:,} an hour instead of {one.fastest:,}, so that the desk can follow"
    ends_at, last = (moment.isoformat(timespec="minutes") for moment in (one.ends_at, one.deadline))
    text = f"{one.channel}: {slow}; the last leaves about {ends_at} ({whose} is {last})."
    return text if one.is_served else text + " The desk cannot answer everybody in time at this pace, and the moment is not moved for that."


def _few(n: float) -> str:
    """Whole contacts, and tenths where there are only a few."""
    return f"{n:,.0f}" if n >= 9.95 else f"{n:.1f}"


def _wait(seconds: float | None) -> str:
    if seconds is None:
        return "grows"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"


def _as_json(seen: Outlook) -> dict[str, Any]:
    low, middle, high = seen.forecast.rate
    return {
        "begins_at": seen.begins_at.isoformat(),
        "rate": {"low": low, "middle": middle, "high": high},
        "contacts": dict(zip(("low", "middle", "high"), seen.forecast.contacts, strict=True)),
        "contacts_so_far": seen.contacts_so_far,
        "hours_so_far": seen.hours_so_far,
        "n_told": seen.n_told,
        "capacity_per_hour": seen.capacity,
        "queue_max": seen.forecast.queue_max if seen.is_staffed else None,
        "days": [{**asdict(day), "hours": list(day.hours)} for day in seen.days],
        "hours": [
            {
                "at": seen.moment_of(one.hour).isoformat(),
                **{name: getattr(one, name) for name in ("contacts", "contacts_low", "contacts_high", "agents_needed", "agents_needed_high")},
                "wait_seconds": one.wait_seconds if seen.is_staffed else None,
                "queue": one.queue if seen.is_staffed else None,
            }
            for one in seen.forecast.hours
        ],
    }


def _assessment(case: Path) -> dict[str, Any]:
    path = case / "assessment.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def _deadline(assessment: dict[str, Any]) -> datetime | None:
    """The earliest instant by which persons must be told."""
    moments = [
        moment_of(duty["due_at"])
        for duty in assessment.get("duties", ())
        if duty["to"] == "individuals" and duty["state"] in ("due", "undetermined") and duty["due_at"]
    ]
    return min((moment for moment in moments if moment), default=None)


def _sent(case: Path) -> tuple[list[Sent], set[str]]:
    """What went out so far, by hour and channel, and the sendings that need no other."""
    if not (case / "receipts.parquet").is_file():
        return [], set()
    n: Counter[tuple[datetime, str]] = Counter()
    told = set()
    for row in states_of(table_of(case, "receipts.parquet")).select(["sending_id", "channel", "state", "at"]).to_pylist():
        if row["state"] in REACHED:
            n[row["at"].replace(minute=0, second=0, microsecond=0), row["channel"]] += 1
            told.add(row["sending_id"])
    return [Sent(at=at, n=count, channel=channel) for (at, channel), count in sorted(n.items())], told


def _loads(case: Path, plan: Any, told: set[str], company: Company, *, severity: str) -> list[Load]:
    """What is still to be sent on each channel, and whom of them no pace slows."""
    exposures = table_of(case, "exposures.parquet")
    urgent = {
        person
        for person, kinds, minor in zip(*(exposures[c].to_pylist() for c in ("person_id", "kinds", "minor")), strict=True)
        if is_at_once(kinds or (), is_minor=bool(minor), severity=severity)
    }
    n: Counter[str] = Counter()
    at_once: Counter[str] = Counter()
    sendings = plan.sendings
    for sending, person, channel in zip(*(sendings[c].to_pylist() for c in ("sending_id", "person_id", "channel")), strict=True):
        if sending not in told:
            n[channel] += 1
            at_once[channel] += person in urgent
    per_hour = company.messages_per_hour
    return [
        Load(channel=channel, n=count, n_at_once=at_once[channel], fastest=per_hour.get(channel) or ASSUMED_PER_HOUR.get(channel) or max(count, 1))
        for channel, count in sorted(n.items())
    ]


def sources() -> list[str]:
    """Where the opening guesses come from, each with how sure it is."""
    found = guesses()
    return [found.rate.source, found.handling.source, *(one.source for one in found.arrival.values()), found.at_once.source, found.patience.source]
