"""A drill's score: how long it took, which deadlines were met, who was missed or told without cause, and what to do better.

The limits are ours, and a choice: they lie well inside the 72 hours of Article 33 GDPR, because a real day has more in it than a drill.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from amanat.terms.drill import Deadline, Drill, Persons

if TYPE_CHECKING:
    import pyarrow as pa

REACHED = ("accepted", "delivered", "opened_page")


MeasureName = Literal["declare", "know", "tell", "deadlines", "missed", "wrongly_told", "gaps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One line of the score. `points` None: cannot say."""

    name: MeasureName
    value: float | None  # hours, or a share from 0 to 1
    good: float  # full points up to here (for shares of success: from here)
    bad: float  # none from here
    points: float | None
    points_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """All measures, their sum over what could be said, and the lessons, most points lost first."""

    measures: tuple[Measure, ...]
    points: float
    points_max: int
    lessons: tuple[tuple[str, Mapping[str, Any]], ...]  # key of a sentence, and its details


# Full points until, none from, and how many: hours, then shares.
_LIMITS: dict[MeasureName, tuple[float, float, int]] = {
    "declare": (1, 4, 10),
    "know": (6, 24, 15),
    "tell": (24, 72, 20),
    "deadlines": (1.0, 0.0, 25),
    "missed": (0.0, 0.05, 15),
    "wrongly_told": (0.0, 0.02, 10),
    "gaps": (1.0, 0.0, 5),
}


def score(drill: Drill) -> Score:
    """The drill as measures, points and lessons."""
    persons = drill.persons
    with_instant = [one for one in drill.deadlines if one.due_at is not None]
    n_met = sum(is_met(one) for one in with_instant)
    values: dict[MeasureName, float | None] = {
        "declare": _hours(drill.aware_at, drill.declared_at),
        "know": _hours(drill.aware_at, drill.known_at),
        "tell": _hours(drill.aware_at, drill.told_at) if drill.told_at else None,
        "deadlines": n_met / len(with_instant) if with_instant else None,
        "missed": sum(persons.missed.values()) / persons.n_affected if persons and persons.n_affected else None,
        "wrongly_told": persons.n_wrongly_told / persons.n_told if persons and persons.n_told else None,
        "gaps": len(drill.gaps_expected & drill.gaps_listed) / len(drill.gaps_expected) if drill.gaps_expected else None,
    }
    measures = tuple(_measure(name, values[name], drill) for name in _LIMITS)
    counted = [one for one in measures if one.points is not None]
    lessons = sorted(_lessons(drill), key=lambda lesson: _lost(lesson[0], measures), reverse=True)
    return Score(
        measures=measures,
        points=sum(one.points for one in counted if one.points is not None),
        points_max=sum(one.points_max for one in counted),
        lessons=tuple((key, details) for _name, key, details in lessons),
    )


def is_met(deadline: Deadline) -> bool:
    """Whether a duty with a fixed instant was done by it."""
    return deadline.due_at is not None and deadline.done_at is not None and deadline.done_at <= deadline.due_at


def _hours(since: datetime, until: datetime) -> float:
    return (until - since).total_seconds() / 3600


def _measure(name: MeasureName, value: float | None, drill: Drill) -> Measure:
    good, bad, most = _LIMITS[name]
    points = None
    if value is not None:
        points = most * min(1.0, max(0.0, (bad - value) / (bad - good)))
    elif name == "tell" and drill.n_planned:
        points = 0.0  # there were persons to tell, and nobody was told
    return Measure(name=name, value=value, good=good, bad=bad, points=points, points_max=most)


def _lost(name: str, measures: tuple[Measure, ...]) -> float:
    return next((one.points_max - (one.points or 0) for one in measures if one.name == name), 0.0)


def _lessons(drill: Drill) -> list[tuple[str, str, dict[str, Any]]]:
    """(measure, key of the sentence, details); nothing for what went well."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    if _hours(drill.aware_at, drill.declared_at) > _LIMITS["declare"][0]:
        found.append(("declare", "declare_late", {}))
    slowest = max(drill.steps, key=lambda step: step.minutes, default=None)
    if slowest and drill.told_at and _hours(drill.aware_at, drill.told_at) > _LIMITS["tell"][0]:
        found.append(("tell", "slow_step", {"step": slowest.name, "minutes": round(slowest.minutes)}))
    if drill.n_planned and drill.told_at is None:
        found.append(("tell", "nobody_told", {}))
    for late in [one for one in drill.deadlines if one.due_at and not is_met(one)]:
        found.append(("deadlines", "deadline_missed", {"duty": late.duty}))
    if drill.persons:
        for why, n in drill.persons.missed.items():
            if n:
                found.append(("missed", f"missed_{why}", {"n": n}))
        if drill.persons.n_wrongly_told:
            found.append(("wrongly_told", "told_without_cause", {"n": drill.persons.n_wrongly_told}))
    if drill.gaps_expected is not None and (silent := drill.gaps_expected - drill.gaps_listed):
        found.append(("gaps", "gap_not_listed", {"n": len(silent)}))
    if drill.gaps_listed:
        found.append(("gaps", "gaps_open", {"n": len(drill.gaps_listed)}))
    if any(not step.is_measured for step in drill.steps):
        found.append(("", "steps_assumed", {}))
    return found


def compare(case: Path, truth_file: Path) -> Persons | None:
    """Who was told in a case, held against the `truth.parquet` of its practice story; None when the story has none."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.csv
    import pyarrow.parquet as pq

    if not truth_file.is_file():
        return None
    truth = pq.read_table(truth_file, columns=["person_id", "readable"])
    truth = truth.filter(pc.invert(pc.starts_with(truth["person_id"], "out-")))
    anywhere = pc.unique(truth["person_id"].combine_chunks())
    affected = pc.unique(truth.filter(truth["readable"])["person_id"].combine_chunks())
    told = _told(case)
    exposures = pq.read_table(case / "exposures.parquet", columns=["person_id", "state"])
    left = case / "left_out.csv"
    left_out = pyarrow.csv.read_csv(left)["person_id"].combine_chunks().cast(pa.string()) if left.is_file() else pa.array([], pa.string())
    missed = affected.filter(pc.invert(pc.is_in(affected, told)))
    groups = {
        "not_found": pc.invert(pc.is_in(missed, exposures["person_id"].combine_chunks())),
        "review": pc.is_in(missed, exposures.filter(pc.equal(exposures["state"], "review"))["person_id"].combine_chunks()),
        "no_contact": pc.is_in(missed, left_out),
        "not_delivered": pc.is_in(missed, _planned(case)),
    }
    counted: dict[str, int] = {}
    remaining = pa.array([True] * len(missed), pa.bool_())
    for why, mask in groups.items():
        here = pc.and_(remaining, mask)
        counted[why] = int(pc.sum(here).as_py() or 0)
        remaining = pc.and_(remaining, pc.invert(here))
    counted["no_duty"] = int(pc.sum(remaining).as_py() or 0)
    wrongly = told.filter(pc.invert(pc.is_in(told, anywhere)))
    return Persons(n_affected=len(affected), n_told=len(told), missed=counted, n_wrongly_told=len(wrongly))


def _told(case: Path) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = case / "receipts.parquet"
    if not path.is_file():
        return pa.array([], pa.string())
    receipts = pq.read_table(path, columns=["person_id", "state"])
    return pc.unique(receipts.filter(pc.is_in(receipts["state"], pa.array(REACHED)))["person_id"].combine_chunks())


def _planned(case: Path) -> "pa.Array":
    import pyarrow.parquet as pq

    return pq.read_table(case / "sendings.parquet", columns=["person_id"])["person_id"].combine_chunks()


def last_told_at(case: Path) -> datetime | None:
    """When the last person was reached; None when nobody was."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = case / "receipts.parquet"
    if not path.is_file():
        return None
    receipts = pq.read_table(path, columns=["at", "state"])
    latest: datetime | None = pc.max(receipts.filter(pc.is_in(receipts["state"], pa.array(REACHED)))["at"]).as_py()
    return latest
