"""Reads about duties: the newest assessment, laid out as a wall of clocks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from amanat.web.assess.models import AssessmentRow, DutyDecision
from amanat.web.respond.models import Incident

WIDTH = 1000  # of the time axis, in the units of its drawing
THREATENED_WITHIN = timedelta(hours=24)  # from here on a deadline is red
ORDER = {"missed": 0, "threatened": 1, "open": 2, "no_instant": 3, "undetermined": 4, "done": 5, "not_required": 5, "exempt": 6, "not_due": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One duty on the wall, with its bar from the event to the deadline."""

    duty: Mapping[str, Any]  # terms.assessment.Duty as `assessment.json` holds it
    due_at: datetime | None
    state: str  # a key of ORDER
    x: int  # where its bar begins, and how wide it is
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """Clocks by place, and the axis that they share."""

    by_place: tuple[tuple[str, tuple[Clock, ...]], ...]
    ticks: tuple[datetime, ...]  # evenly spaced, from the axis's beginning to its end
    x_now: int
    n: Mapping[str, int]  # clocks by state
    rest: tuple[Clock, ...]  # exempt and not due: named, with their reasons, below
    unsure: tuple[Clock, ...]  # of laws of which nobody knows yet whether they reach us
    beyond: tuple[str, ...]  # laws that do not: nobody affected lives there, and we are not established there


def newest(incident: Incident) -> AssessmentRow | None:
    """The assessment that counts."""
    return AssessmentRow.objects.filter(incident=incident).order_by("-at").first()


def decisions(incident: Incident) -> dict[str, DutyDecision]:
    """The latest decision that settles a duty: done, or with a reason not required."""
    rows = DutyDecision.objects.filter(incident=incident).exclude(decision="owned").select_related("by").order_by("at")
    return {duty: row for duty, row in {row.duty_id: row for row in rows}.items() if row.decision != "reopened"}


def owners(incident: Incident) -> dict[str, str]:
    """Who has taken on each duty."""
    rows = DutyDecision.objects.filter(incident=incident, decision="owned").select_related("owner").order_by("at")
    return {row.duty_id: row.owner.name for row in rows if row.owner}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The earliest deadline that nobody has settled."""

    at: datetime
    to: str  # the authority or group, in the words of the law file
    owner: str  # empty while nobody has taken it on


def next_deadline(incident: Incident) -> Deadline | None:
    """The earliest deadline of a due duty that nobody has marked as done or, with a reason, as not required."""
    row = newest(incident)
    settled = decisions(incident)
    waiting = [d for d in (row.content["duties"] if row else ()) if d["state"] == "due" and d.get("due_at") and d["id"] not in settled]
    if not waiting:
        return None
    duty = min(waiting, key=lambda d: datetime.fromisoformat(d["due_at"]))
    return Deadline(at=datetime.fromisoformat(duty["due_at"]), to=str(duty["who"]), owner=owners(incident).get(duty["id"], ""))


def clock_wall(duties: Iterable[Mapping[str, Any]], settled: Mapping[str, str], *, now: datetime, is_rtl: bool) -> Wall:
    """Duties grouped by place, the most urgent place first; with `is_rtl` the axis runs from right to left.

    Args:
        settled: duty id -> "done" or "not_required", as persons decided.
    """
    listed = list(duties)
    moments = [now] + [at for d in listed if d["state"] == "due" for at in (_at(d["due_at"]), _at(d["from_at"])) if at]
    first, last = min(moments), max(moments)
    span = max((last - first).total_seconds(), 3600.0)

    def position(at: datetime) -> int:
        return round(WIDTH * (at - first).total_seconds() / span)

    def clock(duty: Mapping[str, Any]) -> Clock:
        due = _at(duty["due_at"])
        begin, end = position(_at(duty["from_at"]) or now), position(due) if due else 0
        x, width = min(begin, end), max(abs(end - begin), 4)
        return Clock(
            duty=duty,
            due_at=due,
            state=_state(duty, settled.get(duty["id"], ""), due, now),
            x=WIDTH - x - width if is_rtl else x,
            width=width if due and duty["state"] == "due" else 0,
        )

    clocks: list[Clock] = []
    beyond: set[str] = set()
    for duty in listed:
        if duty.get("reach", True) is False and duty["id"] not in settled:
            beyond.add(duty["law"])
        else:
            clocks.append(clock(duty))
    unsure: list[Clock] = []
    groups: dict[str, list[Clock]] = {}
    for one in sorted(clocks, key=_urgency):
        if one.state == "undetermined" and one.duty.get("reach", True) is None:
            unsure.append(one)
        elif one.state not in ("exempt", "not_due"):
            groups.setdefault(_place(one.duty), []).append(one)
    return Wall(
        by_place=tuple((place, tuple(group)) for place, group in groups.items()),
        ticks=tuple(first + timedelta(seconds=span * i / 3) for i in range(4)),
        x_now=WIDTH - position(now) if is_rtl else position(now),
        n=Counter(one.state for one in clocks),
        rest=tuple(one for one in clocks if one.state in ("exempt", "not_due")),
        unsure=tuple(unsure),
        beyond=tuple(sorted(beyond)),
    )


def _state(duty: Mapping[str, Any], settled: str, due: datetime | None, now: datetime) -> str:
    if settled or duty["state"] != "due":
        return settled or str(duty["state"])
    if due is None:
        return "no_instant"
    return "missed" if due < now else "threatened" if due - now < THREATENED_WITHIN else "open"


def _urgency(clock: Clock) -> tuple[int, float, str]:
    return ORDER[clock.state], clock.due_at.timestamp() if clock.due_at else 0.0, clock.duty["id"]


def _place(duty: Mapping[str, Any]) -> str:
    return str(duty["places"][0]) if len(duty["places"]) == 1 else ""


def _at(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
