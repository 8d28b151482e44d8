"""The ledger: what became of every sending, on disk before anything is attempted, so that a crash loses nobody.

A sending goes queued -> attempting -> accepted | delivered | refused | bounced | unsure; "try later" puts it back to queued.
Whoever is found `attempting` when a ledger is opened again was in the air when the program died: nobody can know whether the
server took the message. They become `unsure`, and then either are sent again with the same Message-ID, by which the receiver
can drop the second copy (the default), or are held for a person to decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from amanat.notify.channel import Outcome

STATES = ("idle", "queued", "attempting", "accepted", "delivered", "bounced", "refused", "unsure", "opened_page")
IDLE, QUEUED, ATTEMPTING, ACCEPTED, DELIVERED, BOUNCED, REFUSED, UNSURE, OPENED = range(len(STATES))
FAILED = (BOUNCED, REFUSED)

# What a report that comes later may change. A sending that is queued or in the air waits for its own answer first.
MAY_BECOME: dict[str, tuple[str, ...]] = {
    "delivered": ("accepted", "unsure"),
    "bounced": ("accepted", "delivered", "unsure"),
    "opened_page": ("accepted", "delivered", "unsure"),
}
Noted = Literal["noted", "known", "too_early", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One claimed sending."""

    sending_id: str
    notice_id: str
    person_id: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """How patient we are with a server that says "later", and what happens to sendings nobody can be sure of."""

    first_wait_seconds: float = 60.0  # doubled after each try
    longest_wait_seconds: float = 1800.0
    tries_max: int = 10  # then the next channel is taken; with the waits above after about two and a half hours
    hold_unsure: bool = False  # True: a person decides. False: sent again with the same Message-ID
    resends_max: int = 3  # of one sending whose connection broke each time; then it is held all the same


class Ledger(Protocol):
    """What `deliver.work` needs from a ledger, from several threads at once. The command line keeps it in a file, the web in PostgreSQL."""

    def claim(self, channel: str, n: int, *, at: datetime) -> list[Sending]:
        """Up to `n` queued sendings, noted on disk as `attempting` before they are returned; fewer where a quota is spent."""
        ...

    def record(self, *outcomes: Outcome, at: datetime) -> None:
        """Notes what became of some; when one failed, queues the person's next channel in the same write."""
        ...

    def put_back(self, sending_ids: Sequence[str], *, at: datetime, answer: str, until: datetime | None = None) -> None:
        """Back to queued: they were claimed and not attempted. They are not claimed again before `until`."""
        ...

    def n_open(self, channels: Sequence[str]) -> int:
        """How many sendings of these channels are queued or being attempted, counted at one moment."""
        ...

    def note(self, sending_id: str, state: str, *, at: datetime, answer: str = "") -> Noted:
        """Notes what became known later: a receipt of an operator, a bounce that came by mail. A bounce queues the next channel.

        "known": nothing new; "too_early": it is queued or in the air, ask again; "unknown": no sending of this ledger.
        """
        ...


@runtime_checkable
class Leasing(Protocol):
    """A ledger that several senders share, and of which one that stood still for long loses what it claimed."""

    def holds(self, sending_id: str) -> bool:
        """Whether a claimed sending is still ours to attempt; asked right before."""
        ...
