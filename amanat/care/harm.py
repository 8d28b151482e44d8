"""Harms that a person can report: which kinds of stolen data make each possible, how pressing it is, by when we answer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Literal

from amanat.care.member import BadFile, must_know, read_all
from amanat.lib.open_set import OpenSet
from amanat.terms.claim import Claim, Link

SET = OpenSet("care/harms", suffix=".toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmWords:
    """What the person reads: the name of the harm, and what to do at once."""

    name: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A claim, and what we say about its link to the incident."""

    says: str
    kinds: tuple[str, ...]
    days_after: int | None = None  # from the incident's beginning; None: the person did not say
    link: Literal["likely", "possible", "unlikely", "cannot_say"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HarmType:
    """One file of `care/harms`."""

    id: str
    is_urgent: bool  # money is leaving, or someone is in danger
    is_safety: bool = False
    answer_days: int  # the person gets our decision within so many days
    needs_kinds: tuple[str, ...] = ()  # any of these makes the harm possible; empty: the incident itself does
    source: str
    read_on: date
    verified: bool = False  # whether a person opened the source and compared
    words: dict[str, HarmWords]
    example: tuple[Example, ...]


def harms() -> dict[str, HarmType]:
    """Every harm by name, the pressing ones first."""
    found = read_all(SET, HarmType, _check)
    return dict(sorted(found.items(), key=lambda item: (not item[1].is_urgent, item[1].answer_days, item[0])))


def answer_due(harm: HarmType, received_at: datetime) -> datetime:
    """When the person must have our decision."""
    return received_at + timedelta(days=harm.answer_days)


def link_of(claim: Claim, kinds: Collection[str], *, began_on: date | None) -> Link:
    """Whether the harm can come from this incident: the data it needs, and the order of events. Advice; a person decides.

    Args:
        kinds: what of theirs was affected, as far as known.
        began_on: the first day of the incident; None while unknown.
    """
    harm = harms()[claim.harm]
    reasons = []
    has_data = not harm.needs_kinds or any(kind in kinds for kind in harm.needs_kinds)
    reasons.append("data_fit" if has_data else "data_do_not_fit")
    when = "order_unknown"
    if claim.happened_on is not None and began_on is not None:
        when = "before_incident" if claim.happened_on < began_on else "after_incident"
    reasons.append(when)
    if when == "before_incident":
        state = "unlikely"
    elif not has_data:
        # We may not know yet everything that was taken: missing data make a link doubtful, never impossible.
        state = "cannot_say"
    else:
        state = "likely" if when == "after_incident" else "possible"
    return Link(state=state, reasons=tuple(reasons))  # type: ignore[arg-type]


def _check(harm: HarmType, path: Path) -> None:
    must_know(path, kinds=harm.needs_kinds)
    if "en" not in harm.words:
        raise BadFile(f"{path}: there are no words in English; add [words.en]")
    if not 1 <= harm.answer_days <= 30:
        raise BadFile(f"{path}: answer_days must be from 1 to 30; nobody waits longer than a month for a decision")
