"""The desk's order: whoever depends on us or is in danger first, then declared needs, then by the time left to answer."""

import csv
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast, get_args

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.moment import moment_of
from amanat.terms.case import Case, CaseState, Urgency

# How long until somebody must have answered. A promise to the person; shown with each case, kept or broken.
TARGETS: dict[Urgency, timedelta] = {
    "depends": timedelta(hours=1),
    "safety": timedelta(hours=1),
    "need": timedelta(hours=4),
    "harm": timedelta(hours=8),
    "other": timedelta(hours=24),
}
_ORDER = {urgency: i for i, urgency in enumerate(get_args(Urgency))}


class BadCases(Fixable):
    """A file of cases that cannot be sorted, with its row."""


def urgency_of(*, depends: bool, has_need: bool, is_safety: bool = False, is_harm: bool = False) -> Urgency:
    """Why a case is served when it is.

    >>> urgency_of(depends=True, has_need=True), urgency_of(depends=False, has_need=False)
    ('depends', 'other')
    """
    if depends:
        return "depends"
    if is_safety:
        return "safety"
    if has_need:
        return "need"
    return "harm" if is_harm else "other"


def due_at(case: Case) -> datetime:
    """When the first answer is due."""
    return case.opened_at + TARGETS[case.urgency]


def in_order(cases: Iterable[Case]) -> list[Case]:
    """Open cases as they are to be served. The earlier promise first among equals; nobody is served sooner for who they are."""
    waiting = (case for case in cases if case.state == "open")
    return sorted(waiting, key=lambda case: (_ORDER[case.urgency], due_at(case), case.id))


def kept(case: Case, *, now: datetime) -> bool | None:
    """Whether the target was kept: None while there is still time."""
    if case.answered_at is not None:
        return case.answered_at <= due_at(case)
    return None if now <= due_at(case) else False


def read_cases(path: Path) -> list[Case]:
    """Cases of a CSV with the columns case_id, opened_at, urgency and, if you like, state and answered_at. Raises BadCases."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            head = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, delimiter=max(",;\t", key=head.count))
            rows = list(reader)
            header = reader.fieldnames or []
    except (UnicodeDecodeError, csv.Error):
        raise BadCases(f"{path}: cannot be read as CSV; save it as CSV in UTF-8") from None
    for column in ("case_id", "opened_at", "urgency"):
        if column not in header:
            raise BadCases(f"{path}: has no column {column!r}{did_you_mean(column, header)}; it needs case_id, opened_at and urgency")
    return [_case(row, f"{path}, row {number}") for number, row in enumerate(rows, 2)]


def _case(row: dict[str, str], where: str) -> Case:
    urgency, state = (row["urgency"] or "").strip(), (row.get("state") or "open").strip()
    if urgency not in TARGETS:
        raise BadCases(f"{where}: urgency is {urgency!r}{did_you_mean(urgency, TARGETS)}; it is one of {', '.join(TARGETS)}")
    if state not in get_args(CaseState):
        raise BadCases(f"{where}: state is {state!r}; it is one of {', '.join(get_args(CaseState))}")
    return Case(
        id=row["case_id"],
        opened_at=_moment(row["opened_at"], where, "opened_at"),
        urgency=cast(Urgency, urgency),
        state=cast(CaseState, state),
        answered_at=_moment(row["answered_at"], where, "answered_at") if row.get("answered_at") else None,
    )


def _moment(text: str, where: str, column: str) -> datetime:
    moment = moment_of((text or "").strip())
    if moment is None:
        raise BadCases(f"{where}: {column} must be a moment with its offset from UTC, such as 2026-03-06T18:00:00+01:00")
    return moment
