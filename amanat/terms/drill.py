"""Drill: what happened when a practice incident was run through the real stages on a moved clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What people did between two acts of the system; `is_measured` False: the minutes were assumed, nobody sat there."""

    name: str  # declare, review, decide, read, sign, file
    minutes: float
    is_measured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """A duty that was due, and when the drill had done it."""

    duty: str
    to: str
    due_at: datetime | None  # None: without undue delay, no fixed instant
    done_at: datetime | None  # None: not done


@dataclass(frozen=True, slots=True, kw_only=True)
class Persons:
    """Who was told, held against the truth. Register persons only: nobody has the addresses of outsiders."""

    n_affected: int
    n_told: int
    missed: Mapping[str, int]  # affected and not told, by why: not_found, review, no_contact, no_duty, not_delivered
    n_wrongly_told: int  # told, with no trace anywhere in the truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What happened in one drill."""

    story: str
    aware_at: datetime
    declared_at: datetime
    known_at: datetime  # scope done: we know who
    written_at: datetime
    approved_at: datetime
    told_at: datetime | None  # the last person who was told; None: nobody
    ended_at: datetime
    speed: float  # one second of the machine counted as so many seconds of the drill
    steps: tuple[Step, ...]
    deadlines: tuple[Deadline, ...]
    persons: Persons | None  # None: the story has no truth to hold it against
    n_planned: int
    gaps_listed: frozenset[str] = field(repr=False)
    gaps_expected: frozenset[str] | None = field(repr=False)  # None: nobody says which files cannot be opened
