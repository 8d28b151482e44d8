"""What a newer law or a newer fact changes: two assessments side by side, what is new or earlier first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from amanat.assess.clock import is_same_moment
from amanat.terms.assessment import Assessment, Duty

Change = Literal["new", "earlier", "state", "later", "reasons", "gone"]
ORDER: tuple[Change, ...] = ("new", "earlier", "state", "gone", "later", "reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One duty that is not as it was; None where it was not, or is no more."""

    duty: str
    change: Change
    state_before: str | None
    state_after: str | None
    due_before: datetime | None
    due_after: datetime | None


def changes(before: Assessment, after: Assessment) -> list[Changed]:
    """Every duty whose state, deadline or reasons differ. A deadline that is gone counts as later, one that has come as earlier."""
    old, new = ({duty.id: duty for duty in one.duties} for one in (before, after))
    found = []
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        if kind := _change(was, now):
            found.append(
                Changed(
                    duty=name,
                    change=kind,
                    state_before=was.state if was else None,
                    state_after=now.state if now else None,
                    due_before=was.due_at if was else None,
                    due_after=now.due_at if now else None,
                )
            )
    return sorted(found, key=lambda one: (ORDER.index(one.change), one.duty))


def _change(was: Duty | None, now: Duty | None) -> Change | None:
    if was is None or now is None:
        return "new" if was is None else "gone"
    if was.state != now.state:
        return "state"
    if not is_same_moment(was.due_at, now.due_at):
        is_earlier = was.due_at is None or (now.due_at is not None and now.due_at < was.due_at)
        return "earlier" if is_earlier else "later"
    return "reasons" if (was.why, was.standard, was.from_event) != (now.why, now.standard, now.from_event) else None
