"""Prepare: be ready next time: controls that must be there, practice companies and drills."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amanat.lib.progress import Progress, silent

if TYPE_CHECKING:
    from amanat.prepare.drill import Score
    from amanat.prepare.sheet import Sheet
    from amanat.prepare.standing import Miss, Standing
    from amanat.terms.company import Company
    from amanat.terms.drill import Drill, Persons


def make_company(
    folder: Path,
    *,
    persons: int,
    seed: int,
    kind: str = "hotel",
    at: datetime,
    excess_churn: float = 0.03,
    events: bool | None = None,
    progress: Progress = silent,
) -> dict[str, Any]:
    """An invented company on its worst day, written as a story folder; gives the numbers of it.

    The same arguments give the same bytes. Nobody in it exists; where numbers come from is said in `prepare/numbers.py` and `prepare/phones.py`.

    Args:
        folder: made if missing; must be empty.
        persons: in the register, 100 to 50 million; memory does not grow with it.
        at: when the company became aware, with its offset from UTC.
        excess_churn: share of the affected customers who leave because of the incident within 180 days.
        events: whether `events.parquet` is written, half a year before and after; None writes it for up to 200,000 persons.

    Raises:
        Fixable: an unknown kind, too few or too many persons, a folder in use, a moment without offset.
    """
    from amanat.prepare.company import make

    return make(Path(folder), persons=persons, seed=seed, kind=kind, at=at, excess_churn=excess_churn, events=events, progress=progress)


def read_sheet(path: Path, *, today: date) -> "Sheet":
    """What staff say about the controls, and the response plan: a `controls.toml`.

    Raises:
        Fixable: a typo, an unknown control, a day that is still to come.
    """
    from amanat.prepare.sheet import read_sheet

    return read_sheet(Path(path), today=today)


def sheet_of(content: dict[str, Any], *, where: Path, today: date) -> "Sheet":
    """The same from what such a file holds; `where` is named in errors."""
    from amanat.prepare.sheet import sheet_of

    return sheet_of(content, where=where, today=today)


def readiness(
    company: "Company | None",
    sheet: "Sheet | None" = None,
    *,
    now: datetime,
    key_file: Path,
    is_online: bool = True,
    staff: tuple[int, int] | None = None,
    answers: dict[str, Any] | None = None,
) -> "tuple[Standing, ...]":
    """Where each control stands, what hurts most first.

    Args:
        company: whose domains and pages are looked at; None: nothing can be said about them.
        key_file: amanat's master key.
        is_online: whether DNS and our own web pages may be asked; what is not asked is unknown.
        staff: how many accounts amanat has, and how many of them lack a second factor; None where nobody counted.
        answers: what `ask_outside` was told before; then nobody is asked now.
    """
    from amanat.prepare.sheet import Sheet
    from amanat.prepare.survey import survey

    return survey(company, sheet or Sheet(), now=now, key_file=Path(key_file), is_online=is_online, staff=staff, answers=answers)


def ask_outside(company: "Company", *, selectors: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the DNS and our own web pages say, for `readiness` to use later; takes seconds, and longer without a network."""
    from amanat.prepare.look_up import SystemDns, handshake
    from amanat.prepare.recorded import record

    return record(company, selectors, SystemDns(), handshake)


def check_controls() -> "tuple[int, tuple[Miss, ...]]":
    """How many examples of controls were tried, and those that do not come out as their file says."""
    from amanat.prepare.standing import check_examples

    return check_examples()


def score_drill(drill: "Drill") -> "Score":
    """A drill as measures, points and lessons."""
    from amanat.prepare.drill import score

    return score(drill)


def report_drill(drill: "Drill", score: "Score", form: str, *, language: str = "en") -> Any:
    """The report of a drill on one page.

    Args:
        form: "txt" or "html" for people, in `language`; "json" for machines, as a dict; "rows" for a screen, in `language`.
    """
    from amanat.prepare import drill_report as report

    if form == "json":
        return report.as_json(drill, score)
    if form == "rows":
        return report.as_rows(drill, score, language)
    return report.as_html(drill, score, language) if form == "html" else report.as_text(drill, score, language)


def compare_told(case: Path, truth: Path) -> "Persons | None":
    """Who was told in a case folder, held against a practice story's `truth.parquet`; None when there is no such file."""
    from amanat.prepare.drill import compare

    return compare(Path(case), Path(truth))


def last_told_at(case: Path) -> datetime | None:
    """When the last person of a case folder was reached; None when nobody was."""
    from amanat.prepare.drill import last_told_at

    return last_told_at(Path(case))
