"""Assessment: what the law demands of us, by when and why, and how bad it is for the persons."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

DutyState = Literal["due", "not_due", "exempt", "undetermined"]
To = Literal["authority", "individuals", "controller", "media", "markets", "public", "third_parties", "internal_record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One step of an explanation: what was asked of which fact, what it is, and what follows. A short tree."""

    says: str  # the expression or exemption, as it stands in the law file
    outcome: bool | None  # None: unknown
    fact: str = ""  # the fact asked for, at the leaves
    got: Any = None
    cite: str = ""
    below: tuple["Reason", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing that a law or contract demands of us in this incident."""

    id: str  # as in the law pack: "eu-gdpr.authority"
    law: str
    to: To
    who: str  # the authority or group, in words
    says: str  # the sentence of law
    state: DutyState
    due_at: datetime | None  # None: no fixed instant (see `standard`), or its event has not happened
    standard: str  # "undue_delay", "promptly", …; empty when there is only a limit
    limit: str  # the limit in words: "72 hours from awareness"; empty when there is none
    from_event: str
    from_at: datetime | None
    why: tuple[Reason, ...]
    would_change_if: tuple[str, ...]
    cite: str
    source: str
    confidence: str  # high | medium | low
    verified: bool
    ask: tuple[str, ...]  # facts that would settle an undetermined duty, most useful first
    places: tuple[str, ...]  # residences the law looks at; empty: all
    zone: str  # IANA name of the authority's zone
    n_persons: int | None  # affected residents of these places
    portal: str = ""
    content: tuple[str, ...] = ()  # items the notice must hold
    forbidden: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    letter_group: str = ""  # for duties to individuals: which letter they get
    kinds: tuple[str, ...] = ()  # for duties to individuals: owed only to persons of whom one of these is affected; empty: whatever is affected
    is_beyond_places: bool = False  # owed to persons who live elsewhere as well, because we are established in these places
    is_contract: bool = False  # owed by a contract, not by a law
    status: str = "in_force"  # in_force | adopted | proposed | superseded | voluntary
    reach: bool | None = True  # whether the law reaches us: affected persons live in its places, or we are there; None: unknown
    law_since: str = ""  # first day of the version of the law that was used (ISO 8601); empty: it has held since the act itself
    law_until: str = ""  # first day on which that version no longer holds; empty: it holds on
    late: str = ""  # what the law asks for when it is done late: "the reasons for the delay"
    waits_for: str = ""  # the duty whose day stands in for `from_event` until that has happened: then the date is a planned one


@dataclass(frozen=True, slots=True, kw_only=True)
class Severity:
    """ENISA score with its parts, and the override rules beside it. Advice; a person decides the risk."""

    score: float
    band: str  # low | medium | high | very_high; unknown while nobody knows which data are affected, whatever the score
    context: float  # DPC, 1..4
    identification: float  # EI, 0.25..1
    circumstances: float  # CB, 0..2
    reasons: tuple[str, ...]
    overrides: tuple[str, ...]  # rules that ask for more than the score
    advice: str  # none | risk | high: what the risk is when nobody has decided yet
    ask: tuple[str, ...] = ()  # facts that would settle an unknown band


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A fact that nobody has given yet, and which duties wait for it."""

    fact: str
    says: str
    settles: tuple[str, ...]  # duty ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """Everything `assess` found, as `assessment.json` holds it."""

    severity: Severity
    duties: tuple[Duty, ...]
    fines: tuple[dict[str, Any], ...]
    questions: tuple[Question, ...]
    assumed: tuple[str, ...]  # sentences: which facts were taken from which others
    channel_order: tuple[str, ...] = ("email", "letter")  # how to reach the persons, in turn


# One row for each person who is told: which duties make us, which letter they get, on which channels in turn, and by when.
PERSONS_DUTIES = pa.schema(
    [
        ("person_id", pa.string()),
        ("duty_ids", pa.list_(pa.string())),
        ("letter_group", pa.string()),
        ("channel_order", pa.list_(pa.string())),
        ("due_at", pa.timestamp("s", "UTC")),  # the earliest deadline of these duties; null where none of them has a date
    ]
)

# Why we tell whom: one row for each group of persons with the same residence, kinds of data, minority and language.
LEGAL_BASIS = pa.schema(
    [
        ("residence", pa.string()),
        ("kinds", pa.list_(pa.string())),
        ("minor", pa.bool_()),
        ("language", pa.string()),
        ("n_persons", pa.int64()),
        ("laws", pa.list_(pa.string())),
        ("duty_ids", pa.list_(pa.string())),
        ("due_at", pa.timestamp("s", "UTC")),
        ("letter_group", pa.string()),
        ("content", pa.list_(pa.string())),  # what these laws want in the letter
        ("channel_order", pa.list_(pa.string())),
    ]
)
