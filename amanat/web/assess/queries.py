"""Reads about duties: the newest assessment, laid out as a wall of clocks."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from amanat import assess
from amanat.web.assess.models import AssessmentRow, DeadlineEntry, DutyDecision
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


def decisions(incident: Incident, *, until: datetime | None = None) -> dict[str, DutyDecision]:
    """The latest decision about each duty that stands: done, or with a reason not required or required; with `until`, as it stood then."""
    rows = DutyDecision.objects.filter(incident=incident).exclude(decision="owned").select_related("by").order_by("at")
    rows = rows.filter(at__lte=until) if until else rows
    return {duty: row for duty, row in {row.duty_id: row for row in rows}.items() if row.decision != "reopened"}


def owners(incident: Incident, *, until: datetime | None = None) -> dict[str, str]:
    """Who has taken on each duty; with `until`, who had by then."""
    rows = DutyDecision.objects.filter(incident=incident, decision="owned").select_related("owner").order_by("at")
    rows = rows.filter(at__lte=until) if until else rows
    return {row.duty_id: row.owner.name for row in rows if row.owner}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The earliest deadline that nobody has settled."""

    at: datetime
    to: str  # the authority or group, in the words of the law file
    owner: str  # empty while nobody has taken it on


def duties_as_decided(incident: Incident, row: AssessmentRow | None = None, made: Mapping[str, DutyDecision] | None = None) -> list[dict[str, Any]]:
    """The duties of the newest assessment, and what persons decided about them."""
    row = row or newest(incident)
    return as_decided(row.content["duties"] if row else (), decisions(incident) if made is None else made)


def as_decided(duties: Iterable[Mapping[str, Any]], made: Mapping[str, DutyDecision]) -> list[dict[str, Any]]:
    """These duties, with those due that a person decided to be required."""
    found = []
    for one in duties:
        duty = dict(one)
        decision = made.get(duty["id"])
        if decision is not None and decision.decision == "required":
            due_at = decision.due_at.isoformat() if decision.due_at else duty["due_at"]
            duty = {**duty, "state": "due", "due_at": due_at, "reach": True, "is_required": True}
        found.append(duty)
    return found


def settled(made: Mapping[str, DutyDecision]) -> dict[str, str]:
    """Of the decisions those that end a duty: done, or not required."""
    return {name: one.decision for name, one in made.items() if one.decision in ("done", "not_required")}


def next_deadline(incident: Incident) -> Deadline | None:
    """The earliest deadline of a due duty that nobody has marked as done or, with a reason, as not required."""
    made = decisions(incident)
    ended = settled(made)
    waiting = [d for d in duties_as_decided(incident, made=made) if d["state"] == "due" and d.get("due_at") and d["id"] not in ended]
    if not waiting:
        return None
    duty = min(waiting, key=lambda d: datetime.fromisoformat(d["due_at"]))
    return Deadline(at=datetime.fromisoformat(duty["due_at"]), to=str(duty["who"]), owner=owners(incident).get(duty["id"], ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A duty with an instant, as a calendar shows it."""

    duty: Mapping[str, Any]
    due_at: datetime
    standing: str  # CONFIRMED | TENTATIVE
    is_done: bool


def deadlines(incident: Incident) -> list[Due]:
    """What stands in a calendar: duties with an instant, due or not settled, of laws that reach us; not what was decided not to be required."""
    made = decisions(incident)
    ended = settled(made)
    standings = {"due": "CONFIRMED", "undetermined": "TENTATIVE"}
    return [
        Due(duty=duty, due_at=due_at, standing=standings[duty["state"]], is_done=ended.get(duty["id"]) == "done")
        for duty in duties_as_decided(incident, made=made)
        if duty["state"] in standings and (due_at := moment_of(duty["due_at"])) and duty.get("reach", True) is True
        if ended.get(duty["id"]) != "not_required"
    ]


def entry_of(row: DeadlineEntry) -> Any:
    """A published entry as `assess` takes it."""
    uid = assess.calendar_uid(row.duty_id, str(row.incident_id))
    given = {name: getattr(row, name) for name in ("due_at", "standing", "is_done", "zone", "sequence", "changed_at")}
    return assess.calendar_entry(uid=uid, **given)


def clock_wall(duties: Iterable[Mapping[str, Any]], settled: Mapping[str, str], *, now: datetime, is_rtl: bool) -> Wall:
    """Duties grouped by place, the most urgent place first; with `is_rtl` the axis runs from right to left.

    Args:
        settled: duty id -> "done" or "not_required", as persons decided.
    """
    listed = list(duties)
    moments = [now] + [at for d in listed if d["state"] == "due" for at in (moment_of(d["due_at"]), moment_of(d["from_at"])) if at]
    first, last = min(moments), max(moments)
    span = max((last - first).total_seconds(), 3600.0)

    def position(at: datetime) -> int:
        return round(WIDTH * (at - first).total_seconds() / span)

    def clock(duty: Mapping[str, Any]) -> Clock:
        due = moment_of(duty["due_at"])
        begin, end = position(moment_of(duty["from_at"]) or now), position(due) if due else 0
        x, width = min(begin, end), max(abs(end - begin), 4)
        return Clock(
            duty=duty,
            due_at=due,
            state=state_of(duty, settled.get(duty["id"], ""), due, now),
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


def state_of(duty: Mapping[str, Any], settled: str, due: datetime | None, now: datetime) -> str:
    """A key of ORDER, by what the law says, what a person decided, and the time that is left."""
    if settled or duty["state"] != "due":
        return settled or str(duty["state"])
    if due is None:
        return "no_instant"
    return "missed" if due < now else "threatened" if due - now < THREATENED_WITHIN else "open"


def _urgency(clock: Clock) -> tuple[int, float, str]:
    return ORDER[clock.state], clock.due_at.timestamp() if clock.due_at else 0.0, clock.duty["id"]


def _place(duty: Mapping[str, Any]) -> str:
    return str(duty["places"][0]) if len(duty["places"]) == 1 else ""


def moment_of(text: str | None) -> datetime | None:
    """A moment of `assessment.json`."""
    return datetime.fromisoformat(text) if text else None
