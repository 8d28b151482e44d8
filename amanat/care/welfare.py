"""Who depends on us: the persons to call when a service is missing, each to be confirmed by a human voice."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pyarrow as pa

# A call that nobody answers is not a confirmation: it comes back until somebody has spoken to the person or to who cares for them.
CallState = Literal["to_call", "not_reached", "spoken", "substituted", "confirmed"]
NEXT: dict[CallState, tuple[CallState, ...]] = {
    "to_call": ("not_reached", "spoken"),
    "not_reached": ("not_reached", "spoken"),
    "spoken": ("substituted", "confirmed"),
    "substituted": ("confirmed", "spoken"),
    "confirmed": (),
}
OPEN: tuple[CallState, ...] = ("to_call", "not_reached", "spoken", "substituted")


class CannotFollow(Exception):
    """A step of a call that does not follow from the one before: nobody is confirmed who was not spoken to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCall:
    """One person to call, and why."""

    person_id: str
    why: Literal["service_and_need", "service", "need"]


def to_call(exposures: "pa.Table", with_needs: Collection[str]) -> list[ToCall]:
    """Persons whose service was interrupted, and among them first those who declared a need; then the others with a need.

    Persons still to review are called as well: a needless call costs a minute, a missing one may cost a meal.
    """
    needs = set(with_needs)
    found = []
    for row in exposures.select(["person_id", "kinds", "basis"]).to_pylist():
        is_service, has_need = row["basis"] == "service" or "service" in (row["kinds"] or ()), row["person_id"] in needs
        if is_service or has_need:
            found.append(
                ToCall(person_id=row["person_id"], why="service_and_need" if is_service and has_need else "service" if is_service else "need")
            )
    order = ("service_and_need", "service", "need")
    return sorted(found, key=lambda one: (order.index(one.why), one.person_id))


def follow(state: CallState, becomes: CallState) -> CallState:
    """The next state of a call; raises CannotFollow."""
    if becomes not in NEXT[state]:
        raise CannotFollow(f"{state} is followed by {', '.join(NEXT[state]) or 'nothing'}, not by {becomes}")
    return becomes
