"""Law: one act in one place, as its TOML file holds it: dated versions, conditions, deadlines, sources, examples."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from amanat.terms.assessment import To

Status = Literal["in_force", "adopted", "proposed", "superseded", "voluntary"]
Standard = Literal[
    "",
    "undue_delay",
    "unreasonable_delay",
    "unnecessary_delay",
    "asap",
    "immediately",
    "promptly",
    "rapidly",
    "reasonable_time",
    "first_reasonable_opportunity",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who enforces the law, and in whose time zone its days end."""

    name: str
    zone: str  # IANA name
    address: str = ""
    portal: str = ""
    is_of_establishment: bool = False  # the zone is that of our main establishment, where it lies in one of the law's places


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """A legal maximum. `rule` says how the fixed sum and the share of turnover join."""

    says: str
    cite: str
    fixed: Decimal | None = None
    currency: str = ""
    turnover_share: Decimal | None = None  # 0..1
    rule: Literal["", "whichever_is_higher", "capped_at_fixed"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A number of hours, days, working days or months; at most one of them."""

    within_hours: int | None = None
    within_days: int | None = None
    within_working_days: int | None = None
    within_months: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLimit(Limit):
    """A limit that replaces the usual one when its condition holds for sure."""

    when: str
    cite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Limit):
    """When a duty must be done: a standard ("undue_delay"), a limit, or both; counted from an event."""

    standard: Standard = ""
    since: str = ""  # the event, a fact of type moment; the file says `from`
    after: str = ""  # the duty whose day stands in for the event until it happens
    calendar: str = ""  # for working days: "BR", "US-NY"
    roll: Literal["", "next_working_day"] = ""
    instead: tuple[OtherLimit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Why a duty may fall away although its condition holds."""

    id: str
    when: str
    cite: str
    says: str = ""
    # An exemption that we must show ourselves does not apply while nobody has shown it; any other leaves the duty undetermined until it is known.
    must_be_shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The rule as it stands from `since` until the day before `until`."""

    since: date | None = None
    until: date | None = None
    status: Status = "in_force"
    when: str
    unless: tuple[Exemption, ...] = ()
    deadline: Deadline = field(default_factory=Deadline)
    cite: str = ""  # where it differs from the duty's


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """Further items that a notice holds when a condition may hold."""

    when: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One `[[duty]]` of a law file."""

    id: str
    to: To
    who: str
    says: str
    cite: str
    source: str
    confidence: Literal["high", "medium", "low"]
    verified: bool
    version: tuple[Version, ...]
    role: Literal["", "controller", "processor"] = ""  # whom the rule addresses; a joint controller is a controller
    may_wait_for: str = ""  # an expression: while it holds the notice may wait; the date is kept and this is said beside it
    content: tuple[str, ...] = ()
    content_if: tuple[Items, ...] = ()
    forbidden: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    portal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A story with its facts, whose data it is, and what the law makes of it."""

    story: str
    facts: dict[str, Any]
    duties: dict[str, Any]  # id -> state, or the instant it is due
    residents: dict[str, int] = field(default_factory=dict)  # as if counted from exposures
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)  # kinds of data of all residents of the place
    include_proposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """One act in one place."""

    id: str
    name: str
    citation: str
    places: tuple[str, ...]
    kind: str
    by_establishment: bool  # reaches us by our establishment too, not only by where the persons live
    authority: Authority
    read_on: date
    verified: bool
    duty: tuple[Rule, ...]
    example: tuple[Example, ...]
    letter_group: str = ""
    read_by: str = ""  # who compared this file with the enacted text; empty: nobody yet
    note: str = ""
    penalties: tuple[Penalty, ...] = ()
    define: dict[str, str] = field(default_factory=dict)  # names for conditions used more than once, in order
