"""Judgement: one situation against every law. Severity first, because it says what the risk is while nobody has decided it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from amanat.assess.duties import duties_of
from amanat.assess.fines import fines_of
from amanat.assess.groups import Group, groups_from_json, groups_of
from amanat.assess.law import CONTRACT
from amanat.assess.severity import severity_of
from amanat.assess.situation import Situation
from amanat.assess.statute_book import Ready, read_folder, read_laws
from amanat.terms.assessment import Assessment, Duty, Question
from amanat.terms.fact import Fact, fact_types
from amanat.terms.places import PLACES, country_of, lies_in


def assess(
    facts: Mapping[str, Fact],
    *,
    exposures: pa.Table | None,
    counted: Sequence[Mapping[str, Any]] | None = None,
    now: datetime,
    include_proposed: bool,
    laws: Path | None = None,
) -> Assessment:
    """See the front door."""
    groups = None if exposures is None else groups_of(exposures)
    if counted is not None:
        groups = groups_from_json(counted)
    extent = facts.get("extent_known")
    if groups == () and not (extent and extent.value is True):
        groups = None  # a scan that found nobody has not shown that nobody is affected
    return judge(read_laws() if laws is None else read_folder(laws), facts, groups, now=now, include_proposed=include_proposed)


def judge(
    laws: Iterable[Ready],
    facts: Mapping[str, Fact],
    groups: tuple[Group, ...] | None,
    *,
    now: datetime,
    include_proposed: bool = False,
    with_changes: bool = True,
) -> Assessment:
    """The assessment of counted persons under these laws; without changes it does not say what would change a state."""
    laws = tuple(laws)
    situation = Situation(facts, groups)
    severity = severity_of(situation)
    situation.advice = severity.advice
    duties = duties_of(laws, situation, at=now, include_proposed=include_proposed, with_changes=with_changes)
    return Assessment(
        severity=severity,
        duties=duties,
        fines=fines_of(laws, duties, situation),
        questions=_questions(duties),
        assumed=(*situation.assumed.values(), *_about_counting(situation), *_about_places(laws, situation)),
        # Not through the channel that was broken into (EDPB Guidelines 9/2022; Cal. Civ. Code 1798.82(j)(4)).
        channel_order=("letter",) if situation.given("is_email_account_breach") is True else ("email", "letter"),
    )


def _questions(duties: Iterable[Duty]) -> tuple[Question, ...]:
    """Facts to ask for, the one that most duties wait for first; of two alike the one that is more often a duty's first question."""
    types = fact_types()
    waiting: dict[str, list[str]] = {}
    firsts: dict[str, int] = {}
    for duty in duties:
        for rank, fact in enumerate(duty.ask):
            waiting.setdefault(fact, []).append(duty.id)
            firsts[fact] = firsts.get(fact, 0) + (rank == 0)
    order = sorted(waiting, key=lambda fact: (-len(waiting[fact]), -firsts[fact], fact))
    return tuple(Question(fact=fact, says=types[fact].says, settles=tuple(waiting[fact])) for fact in order)


def _about_counting(situation: Situation) -> list[str]:
    says = []
    if situation.given("extent_known") is False:
        says.append("the extent is not known yet: every number of persons is what is known today, and there may be more")
    groups = situation.groups
    if groups is None:
        return says
    review = sum(g.n for g in groups if g.state == "review")
    nowhere = sum(g.n for g in groups if g.residence is None and g.state != "review")
    if review:
        says.append(f"{review} persons wait for a reviewer: they may raise a number of residents, and never lower one")
    if nowhere:
        says.append(f"the residence of {nowhere} persons is not known: they count in the whole, and under no place's law")
    strange = sorted({g.residence for g in groups if g.residence is not None and g.residence not in PLACES})
    if strange:
        n = sum(g.n for g in groups if g.residence in strange)
        says.append(f"{', '.join(strange[:5])}: no place that we know; its {n} persons count in the whole, and under no place's law")
    return says


def _about_places(laws: Iterable[Ready], situation: Situation) -> list[str]:
    """Affected persons of whose place no general law is held: that amanat is silent about them does not mean that nothing is owed."""
    held = {place for ready in laws if not ready.law.for_whom and ready.law.kind != CONTRACT for place in ready.law.places}
    people = dict(situation.given("residents") or {})
    for group in situation.groups or ():
        if group.residence in PLACES and group.state != "review":
            people[group.residence] = max(people.get(group.residence, 0), group.n)
    without = sorted(place for place, n in people.items() if n and not _is_held(place, tuple(held)))
    if not without or not held:
        return []
    return [f"we hold no general law on breaches for {', '.join(without)}, where affected persons live: that is unknown, and not no"]


def _is_held(place: str, held: tuple[str, ...]) -> bool:
    # A country of which only the state is missing is held by its states.
    return lies_in(place, held) or lies_in(country_of(place), held) or any(country_of(p) == place for p in held)
