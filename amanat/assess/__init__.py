"""Assess: what must we do, by when, and how bad is it? Facts and exposures to an assessment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from amanat.assess.calendar_file import Entry
    from amanat.assess.diff import Changed
    from amanat.assess.edpb import Seriousness
    from amanat.assess.examples import Miss
    from amanat.assess.law import Law
    from amanat.assess.money.case import Case
    from amanat.assess.money.inputs import Input
    from amanat.assess.money.reckon import Reckoning
    from amanat.assess.watch import Moved
    from amanat.terms.assessment import Assessment, Duty
    from amanat.terms.company import Company
    from amanat.terms.fact import Fact


def assess(
    facts: Mapping[str, Fact],
    *,
    exposures: pa.Table | None = None,
    counted: Sequence[Mapping[str, Any]] | None = None,
    now: datetime,
    include_proposed: bool = False,
    laws: Path | None = None,
) -> Assessment:
    """Severity, every duty with its state, deadline and reasons, legal maxima of fines, and what to ask next.

    Args:
        exposures: EXPOSURES; without them the facts `residents` and `kinds` say who is affected.
        counted: instead of the exposures, what `count_persons` made of them.
        include_proposed: draft laws as well; they never run otherwise.
        laws: a folder of other law files than ours, such as those of last year.
    """
    from amanat.assess import judgement

    return judgement.assess(facts, exposures=exposures, counted=counted, now=now, include_proposed=include_proposed, laws=laws)


def count_persons(exposures: pa.Table) -> list[dict[str, Any]]:
    """How many persons are alike for the law: all that an assessment needs of the exposures, and nobody by name."""
    from amanat.assess import groups

    return groups.groups_as_json(groups.groups_of(exposures))


def persons_duties(assessment: Assessment, exposures: pa.Table) -> pa.Table:
    """PERSONS_DUTIES: for each person who is told, which duties make us, which letter, on which channels in turn, and by when."""
    from amanat.assess import persons

    return persons.persons_duties(assessment, exposures)


def legal_basis(assessment: Assessment, exposures: pa.Table) -> pa.Table:
    """LEGAL_BASIS: why we tell whom, one row for each group of persons alike."""
    from amanat.assess import persons

    return persons.legal_basis(assessment, exposures)


def assessment_as_json(assessment: Assessment) -> dict[str, Any]:
    """The assessment as `assessment.json` holds it."""
    from amanat.assess import as_json

    return as_json.assessment_as_json(assessment)


def assessment_from_json(table: dict[str, Any]) -> Assessment:
    """The assessment that `assessment_as_json` wrote."""
    from amanat.assess import as_json

    return as_json.assessment_from_json(table)


def clock_wall(assessment: Assessment, *, at: datetime | None = None) -> str:
    """The duties as lines of text, nearest deadline first; with `at`, how long is left."""
    from amanat.assess import wall

    return wall.clock_wall(assessment, at=at)


def reckon_money(
    facts: Mapping[str, Fact],
    assessment: Assessment,
    *,
    exposures: pa.Table | None = None,
    counted: Sequence[Mapping[str, Any]] | None = None,
    inputs: Mapping[str, Input] | None = None,
    seriousness: Seriousness | None = None,
    seed: int,
    draws: int = 20_000,
) -> tuple[Reckoning, Case]:
    """What the incident may cost, as ranges with a loss-exceedance curve, and what the reckoning knew of the case.

    Args:
        counted: instead of the exposures, what `count_persons` made of them.
        inputs: of `money_inputs`; without them those that amanat ships.
        seriousness: of the infringement (EDPB Guidelines 04/2022), where a person has decided it.
        seed: the same seed gives the same answer.
    """
    from amanat.assess.money.case import case_of
    from amanat.assess.money.inputs import shipped
    from amanat.assess.money.reckon import reckon

    case = case_of(facts, assessment, exposures, counted=counted, seriousness=seriousness)
    return reckon(case, shipped() if inputs is None else inputs, seed=seed, draws=draws), case


def money_inputs(
    changes: Mapping[str, Mapping[str, Any]] | None = None, *, company: Company | None = None, files: Iterable[Path] = ()
) -> dict[str, Input]:
    """Every input of `reckon_money`, with what stands in its place. Raises BadInput.

    Args:
        changes: what somebody entered, which counts before all else: id to shape, numbers and why.
        company: whose own prices of a letter and an e-mail count.
        files: of the company's own numbers, as `amanat assess inputs` takes them.
    """
    from amanat.assess.money.inputs import read_inputs, with_changes, with_company

    found = read_inputs(())
    found = with_company(found, company) if company else found
    return with_changes(changes or {}, changed_in="screen", inputs=read_inputs(files, inputs=found))


def loss_curve(
    reckoning: Reckoning, *, title: str, x_title: str, x_says: Callable[[float], str], y_says: Callable[[float], str], is_rtl: bool
) -> str:
    """The loss-exceedance curve of a reckoning as an SVG that says its title to a screen reader."""
    from amanat.assess.money.show import as_svg

    return as_svg(reckoning.curve, title=title, x_title=x_title, x_says=x_says, y_says=y_says, is_rtl=is_rtl)


def laws() -> dict[str, Law]:
    """Every law that amanat knows, by id, in alphabetical order."""
    from amanat.assess import statute_book

    return {ready.law.id: ready.law for ready in statute_book.read_laws()}


def check_laws() -> tuple[int, tuple[Miss, ...]]:
    """Runs every law's own examples: how many outcomes were compared, and those that differ."""
    from amanat.assess import examples, statute_book

    return examples.check_examples(statute_book.read_laws())


def law_prints() -> dict[str, str]:
    """Law id -> a short hash of its file: by which wording an assessment is made."""
    from amanat.assess import statute_book, watch

    return watch.prints_of(statute_book.read_laws())


def is_stale(law: Law, today: date) -> bool:
    """Whether nobody has compared the law's file with its source for longer than AMANAT_LAW_DAYS."""
    from amanat.assess import watch

    return watch.is_stale(law, today)


def changes(before: Assessment, after: Assessment) -> list[Changed]:
    """Every duty whose state, deadline or reasons differ, what is new or earlier first."""
    from amanat.assess import diff

    return diff.changes(before, after)


def moved(pairs: Mapping[str, tuple[Assessment, Assessment]]) -> list[Moved]:
    """What changed for several incidents, each an assessment before and after: the same change once, with the incidents that it affects."""
    from amanat.assess import watch

    return watch.moved_of(pairs)


def events_of(duty_id: str) -> tuple[str, ...]:
    """Moments among the facts that have happened once this duty is done: from these, other duties are counted."""
    from amanat.assess import schedule

    return schedule.events_of(laws().values(), duty_id)


def followers(assessment: Assessment, duty_id: str) -> tuple[Duty, ...]:
    """The duties whose planned date hangs on this one, directly or through others."""
    from amanat.assess import schedule

    return schedule.followers(assessment, duty_id)


def calendar_entry(**given: Any) -> Entry:
    """One deadline for a calendar (`assess.calendar_file.Entry`)."""
    from amanat.assess.calendar_file import Entry

    return Entry(**given)


def calendar_uid(duty_id: str, case: str) -> str:
    """The UID of a duty in every calendar: the same for the same duty of the same incident."""
    from amanat.assess import calendar_file

    return calendar_file.uid_of(duty_id, case)


def follow_calendar(wanted: Iterable[Entry], before: Mapping[str, Entry], *, now: datetime) -> list[Entry]:
    """The entries with the SEQUENCE that follows what was published before; what is not wanted any more as CANCELLED."""
    from amanat.assess import calendar_file

    return calendar_file.follow(wanted, before, now=now)


def calendar(entries: Iterable[Entry], *, name: str, now: datetime) -> bytes:
    """The deadlines as the bytes of an .ics file (RFC 5545)."""
    from amanat.assess import calendar_file

    return calendar_file.as_ics(entries, name=name, now=now)
