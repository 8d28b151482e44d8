"""Trust: did it help? Events of affected and unaffected persons to measures with their intervals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from amanat.trust.results import Miss, Report


def report(
    events: Path,
    exposures: Path,
    *,
    persons: Path | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    founded: datetime | None = None,
    receipts: Path | None = None,
    answers: Path | None = None,
    cases: Path | None = None,
    now: datetime,
) -> Report:
    """What the incident did to the affected persons, compared with everyone else.

    Args:
        events: Parquet or CSV with the columns of `terms.event.EVENTS`.
        exposures: Parquet or CSV with `person_id` and `state`; who waits for a reviewer is in neither group.
        persons: the register; without it, whoever did something before `since` is a customer.
        since: when persons could first react; None takes the first event of the kind `told`.
        until: the end of what was seen; None takes the last event.
        founded: events before it are set aside; None takes the first day in the register.
        receipts: `terms.sending.RECEIPTS` of amanat's own sending; they count before the events of the kind `told`.
        answers: `terms.answer.ANSWERS` of amanat's own survey; they count before what affected persons answer in the events.
        cases: the desk's cases with `opened_at, due_at, answered_at, state`.

    Raises:
        Fixable: a file cannot be used, or nothing at all can be said, and why.
    """
    from amanat.trust import results

    return results.report(
        events,
        exposures,
        persons=persons,
        since=since,
        until=until,
        founded=founded,
        receipts=receipts,
        answers=answers,
        cases=cases,
        now=now,
    )


def report_as_json(made: Report) -> dict[str, Any]:
    """The report as `report.json` holds it."""
    from amanat.trust import results

    return results.as_json(made)


def write_report(made: Report, out: Path, *, language: str = "en", company: str = "") -> list[Path]:
    """`report.json`, `report.html` and `report.pdf` in the folder `out`."""
    from amanat.trust import files

    return files.write(made, out, language=language, company=company)


def sentences(content: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A report (as its JSON) in the words of a language: titles, values, reasons, pictures as SVG and their tables."""
    from amanat.trust import story

    return story.story(content, language)


def board_paper(content: Mapping[str, Any], *, language: str, company: str = "") -> bytes:
    """The PDF for the board, from a report as its JSON."""
    from amanat.trust import files, story

    return files.paper(story.story(content, language), company, datetime.fromisoformat(content["until"]))


def check_measures() -> tuple[int, tuple[Miss, ...]]:
    """Runs every measure's own examples: how many values were compared, and those that differ."""
    from amanat.trust import results

    return results.check()


def accuracies() -> dict[str, dict[str, float]]:
    """How well texts are read in each language: sensitivity, specificity, and on how many held-out texts."""
    from amanat.trust import sentiment

    found = {language: sentiment.accuracy(language) for language in sentiment.SET.paths()}
    return {
        language: {"sensitivity": a.sensitivity, "specificity": a.specificity, "n": a.n_complaints + a.n_others} for language, a in found.items() if a
    }
