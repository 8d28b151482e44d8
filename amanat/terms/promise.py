"""Promise: something that we told the public we would do, by when, whose it is, and whether it was kept."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

PromiseKind = Literal["next_update", "offer", "measure", "other"]
MadeIn = Literal["notice", "update", "statement", "press", "post", "hearing"]  # where the public read or heard it
PromiseState = Literal["open", "kept", "broken", "moved"]
# How a promise stands at a moment: an open one may be due soon or overdue, and a kept one may have been kept late.
Standing = Literal["open", "due_soon", "overdue", "kept", "kept_late", "broken", "moved"]

SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One public promise. A new date makes a new promise, so that what was first said stays readable."""

    id: str
    kind: PromiseKind
    words: dict[str, str] = field(default_factory=dict)  # by language; empty for "next_update", which every language says itself
    made_in: MadeIn
    made_at: datetime
    due_at: datetime | None  # None: promised without a date
    owner: str  # who keeps it
    state: PromiseState = "open"
    settled_at: datetime | None = None  # when it was kept, seen to be broken, or moved
    why: str = ""  # of a broken or moved one
    evidence: str = ""  # of a kept one: where anybody can see it
    moved_to: str = ""  # the promise in its place

    def standing(self, now: datetime) -> Standing:
        """How it stands at this moment.

        >>> from datetime import timezone
        >>> due = datetime(2026, 3, 6, 18, tzinfo=timezone.utc)
        >>> one = Promise(id="1", kind="next_update", made_in="notice", made_at=due, due_at=due, owner="")
        >>> one.standing(due - 2 * SOON), one.standing(due), one.standing(due + SOON)
        ('open', 'due_soon', 'overdue')
        """
        if self.state == "kept":
            return "kept_late" if self.due_at and self.settled_at and self.settled_at > self.due_at else "kept"
        if self.state != "open":
            return self.state
        if self.due_at is None or now <= self.due_at - SOON:
            return "open"
        return "overdue" if now > self.due_at else "due_soon"
