"""Schedule: which duty begins when another is done. Planned dates stand on one another, and move when an actual date arrives."""

from collections.abc import Iterable

from amanat.assess.law import Law
from amanat.terms.assessment import Assessment, Duty


def events_of(laws: Iterable[Law], duty_id: str) -> tuple[str, ...]:
    """Moments among the facts that have happened once this duty is done: those from which other duties are counted.

    Several laws may count from one event of the same name; then the first that happens is the one noted, because the earlier date is
    the safe one.
    """
    clocks = [clock for law in laws for rule in law.duty for version in rule.version for clock in version.deadline.clocks]
    return tuple(dict.fromkeys(clock.since for clock in clocks if clock.after == duty_id and clock.since))


def followers(assessment: Assessment, duty_id: str) -> tuple[Duty, ...]:
    """The duties whose planned date hangs on this one, directly or through others; the nearest first."""
    found: list[Duty] = []
    waiting = [duty_id]
    while waiting:
        name = waiting.pop(0)
        below = [duty for duty in assessment.duties if duty.waits_for == name and duty not in found]
        found += below
        waiting += [duty.id for duty in below]
    return tuple(found)
