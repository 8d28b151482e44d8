"""`controls.toml`: what staff say about each control, and the response plan; read and checked.

[control.patching]
state    = "in place"            # in place, partly, missing, unknown
owner    = "IT lead"             # an office, not a person
evidence = "Report of the update server, October"
on       = 2026-10-01            # when somebody last looked
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from amanat.lib.errors import Fixable, did_you_mean
from amanat.lib.shape import build, line_of, read_toml
from amanat.prepare.control import State, controls
from amanat.prepare.world import Plan


class UnknownControl(Fixable):
    """A control for which there is no file."""


class DateInFuture(Fixable):
    """Nobody looked tomorrow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What staff say about one control."""

    state: State
    owner: str = ""
    evidence: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dkim:
    """Under which names our DKIM keys are published."""

    selectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """Where copies of amanat's data folder are put."""

    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All of it."""

    control: dict[str, Entry] = field(default_factory=dict)
    plan: Plan | None = None
    dkim: Dkim = field(default_factory=Dkim)
    backups: Backups = field(default_factory=Backups)


def read_sheet(path: Path, *, today: date) -> Sheet:
    """The sheet of a `controls.toml`; raises UnknownControl, DateInFuture and the errors of `lib.shape`."""
    return sheet_of(read_toml(path), where=path, today=today)


def sheet_of(content: dict[str, Any], *, where: Path, today: date) -> Sheet:
    """The sheet of what a `controls.toml` holds; `where` is named in errors."""
    table = dict(content)
    entries = table.pop("control", {})
    sheet = build(Sheet, table, where=where)
    known = controls()
    made: dict[str, Entry] = {}
    for name, one in (entries if isinstance(entries, dict) else {}).items():
        if name not in known:
            raise UnknownControl(
                f"{line_of(where, name)}: there is no control {name!r}{did_you_mean(name, known) or '.'} There are: {', '.join(known)}."
            )
        made[name] = build(Entry, one if isinstance(one, dict) else {"state": one}, where=where, at=f"control.{name}")
    sheet = Sheet(control=made, plan=sheet.plan, dkim=sheet.dkim, backups=sheet.backups)
    for key, day in _days(sheet):
        if day > today:
            raise DateInFuture(
                f"{line_of(where, key.rsplit('.', 1)[-1])}: {key} is {day.isoformat()}, which is still to come; write the day it was done"
            )
    return sheet


def _days(sheet: Sheet) -> Iterator[tuple[str, date]]:
    yield from ((f"control.{name}.on", entry.on) for name, entry in sheet.control.items() if entry.on)
    if sheet.plan:
        for key in ("written_on", "rehearsed_on", "restore_tested_on", "notice_rehearsed_on"):
            if day := getattr(sheet.plan, key):
                yield f"plan.{key}", day
        yield from ((f"plan.contact[{n}].checked_on", contact.checked_on) for n, contact in enumerate(sheet.plan.contact))
