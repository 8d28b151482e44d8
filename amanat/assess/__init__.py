"""Assess: what must we do, by when, and how bad is it? Facts and exposures to an assessment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from amanat.assess.examples import Miss
    from amanat.assess.law import Law
    from amanat.terms.assessment import Assessment
    from amanat.terms.fact import Fact


def assess(facts: Mapping[str, Fact], *, exposures: pa.Table | None = None, now: datetime, include_proposed: bool = False) -> Assessment:
    """Severity, every duty with its state, deadline and reasons, legal maxima of fines, and what to ask next.

    Args:
        exposures: EXPOSURES; without them the facts `residents` and `kinds` say who is affected.
        include_proposed: draft laws as well; they never run otherwise.
    """
    from amanat.assess import judgement

    return judgement.assess(facts, exposures=exposures, now=now, include_proposed=include_proposed)


def persons_duties(assessment: Assessment, exposures: pa.Table) -> pa.Table:
    """PERSONS_DUTIES: for each person who is told, which duties make us, which letter, on which channels in turn."""
    from amanat.assess import persons

    return persons.persons_duties(assessment, exposures)


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


def laws() -> dict[str, Law]:
    """Every law that amanat knows, by id, in alphabetical order."""
    from amanat.assess import statute_book

    return {ready.law.id: ready.law for ready in statute_book.read_laws()}


def check_laws() -> tuple[int, tuple[Miss, ...]]:
    """Runs every law's own examples: how many outcomes were compared, and those that differ."""
    from amanat.assess import examples, statute_book

    return examples.check_examples(statute_book.read_laws())
