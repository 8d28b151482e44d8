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


# The kind of a file that holds what a contract demands: with a customer, an insurer, a bank. It adds duties and touches none of the law's.
CONTRACT = "contract"


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
    """A legal maximum. `rule` says how the fixed sum and the share of turnover join.

    A penalty by the piece is `each` (from `each_low`) for each `unit`, at least `floor`, and at most `fixed` where that is given.
    """

    says: str
    cite: str
    fixed: Decimal | None = None
    currency: str = ""
    turnover_share: Decimal | None = None  # 0..1
    rule: Literal["", "whichever_is_higher", "capped_at_fixed"] = ""
    each: Decimal | None = None
    each_low: Decimal | None = None
    unit: Literal["", "person", "violation", "day", "person_day"] = ""
    floor: Decimal | None = None
    is_to_persons: bool = False  # damages that the persons claim themselves, not a fine


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
class Clock(Limit):
    """A limit and the event that it is counted from."""

    since: str = ""  # the event, a fact of type moment; the file says `from`
    after: str = ""  # the duty whose day stands in for the event until it happens
    # Where counting begins: the day after the event; that day itself ("same_day"); or the year after it ("year_end").
    start: Literal["", "same_day", "year_end"] = ""
    # In place of a number: no later than the event itself, or before it.
    at: Literal["", "same_time", "before"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierClock(Clock):
    """A further clock: the duty is due when the first of its clocks ends. While `when` is not known the clock runs."""

    cite: str
    when: str = "always"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline(Clock):
    """When a duty must be done: a standard ("undue_delay"), a limit, or both; counted from an event."""

    standard: Standard = ""
    calendar: str = ""  # of working days: "BR", "US-NY", "ECB", or "main_establishment" for that of the country where we are
    # A limit that ends on a day off: the safe earlier date is due and the later one is said beside it ("next_working_day"),
    # or the law itself moves it, hours too, to noon of the next working day ("noon_of_next_working_day").
    roll: Literal["", "next_working_day", "noon_of_next_working_day"] = ""
    roll_unless: str = ""  # for whom the limit does not move
    instead: tuple[OtherLimit, ...] = ()
    or_earlier: tuple[EarlierClock, ...] = ()
    soft: str = ""  # how the law softens it: "where feasible"
    late: str = ""  # what must go with a duty done late: "the reasons for the delay"
    extension: str = ""  # who may give more time, and on what condition; never counted by itself
    is_guidance: bool = False  # the number stands in guidance of the authority, not in the law

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """All clocks, its own first."""
        return (self, *self.or_earlier)


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

    @property
    def waits_for(self) -> frozenset[str]:
        """Ids of the duties whose days stand in for an event of this one."""
        return frozenset(clock.after for version in self.version for clock in version.deadline.clocks if clock.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A story with its facts, whose data it is, and what the law makes of it."""

    story: str
    facts: dict[str, Any]
    duties: dict[str, Any]  # id -> state, or the instant it is due
    residents: dict[str, int] = field(default_factory=dict)  # as if counted from exposures
    kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)  # kinds of data of all residents of the place
    by: dict[str, str] = field(default_factory=dict)  # id -> the exemption by which it falls away, where several may
    adds: dict[str, tuple[str, ...]] = field(default_factory=dict)  # id -> all that `content_if` adds to the notice
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
    # Whom the law binds at all, by who they are (sector, legal status): a hotel is not asked about a law of banks. Such a law does not
    # reach others even while the file is unverified, as it does not reach places where nobody lives. Empty: it binds everybody.
    for_whom: str = ""
    read_on: date
    verified: bool
    duty: tuple[Rule, ...]
    example: tuple[Example, ...]
    letter_group: str = ""
    read_by: str = ""  # who compared this file with the enacted text; empty: nobody yet
    note: str = ""
    penalties: tuple[Penalty, ...] = ()
    define: dict[str, str] = field(default_factory=dict)  # names for conditions used more than once, in order

    @property
    def may_reach_by_establishment(self) -> bool:
        """Whether our establishment may bring the law; nobody has checked that it does not while the file is unverified."""
        return self.by_establishment or not self.verified
