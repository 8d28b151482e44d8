"""Reads about a sample: who has checked how much of it, where checkers disagree, and what their answers show."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from amanat import scope
from amanat.lib.progress import Reading, read_progress
from amanat.web.accounts.models import Staff
from amanat.web.respond.models import Incident
from amanat.web.scope.models import Audit, AuditAnswer, AuditItem

PROGRESS = "progress.json"  # beside the folder that a sample is drawn in


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """One person who checks, for themselves."""

    staff: Staff
    n: int
    n_unsure: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How far a sample is checked, and what it shows so far."""

    n: int
    n_answered: int  # by anybody
    checkers: tuple[Checker, ...]
    n_twice: int  # by two persons or more
    disagreed: tuple[int, ...]  # numbers of items to which they say different things
    shows: Mapping[str, Any] | None  # as `amanat scope audit --answers --format json`; None as long as nothing is answered

    @property
    def is_whole(self) -> bool:
        """Whether somebody has answered every item."""
        return self.n_answered == self.n

    @property
    def share_agreed(self) -> float | None:
        """Of the items that several have checked, those to which they say the same."""
        return 1 - len(self.disagreed) / self.n_twice if self.n_twice else None


def newest(incident: Incident) -> Audit | None:
    """The latest wish for a sample, and what became of it."""
    return Audit.objects.filter(incident=incident).order_by("-asked_at").select_related("asked_by").first()


def drawn_ones(incident: Incident) -> QuerySet[Audit]:
    """All samples that were drawn, the newest first."""
    return Audit.objects.filter(incident=incident, state="done").order_by("-asked_at").select_related("asked_by")


def folder_of(audit: Audit) -> Path:
    """Where the worker draws it; gone when it is done, and with the incident's persons."""
    return Path(settings.DATA) / "cases" / str(audit.incident_id) / "audit"


def drawing(audit: Audit) -> Reading | None:
    """How far the reading has come for it; None where this machine does not see it."""
    return read_progress(folder_of(audit).parent / f"audit-{PROGRESS}") if audit.state == "running" else None


def checked(audit: Audit) -> Checked:
    """How far a sample is checked, and what it shows so far: everybody's answers together."""
    words: dict[int, list[str]] = {}
    of_staff: dict[Staff, list[str]] = {}
    for row in AuditAnswer.objects.filter(item__audit=audit).select_related("by", "item"):
        words.setdefault(row.item.number, []).append(row.word)
        of_staff.setdefault(row.by, []).append(row.word)
    together = {number: scope.settled(said) for number, said in words.items()}
    names = list(audit.drawn.get("items", ()))
    checkers = [Checker(staff=staff, n=len(said), n_unsure=said.count("?")) for staff, said in of_staff.items()]
    return Checked(
        n=len(names),
        n_answered=len(words),
        checkers=tuple(sorted(checkers, key=lambda one: (-one.n, one.staff.name))),
        n_twice=sum(len(said) > 1 for said in words.values()),
        disagreed=tuple(sorted(number for number, said in words.items() if len(set(said)) > 1)),
        shows=scope.audit_shows(audit.drawn, {names[number - 1]: word for number, word in together.items()}),
    )


def next_number(audit: Audit, staff: Staff, *, after: int = 0) -> int | None:
    """The next item to which this person has said nothing, from here on and then from the beginning."""
    open_ones = AuditItem.objects.filter(audit=audit).exclude(answers__by=staff).order_by("number")
    found = open_ones.filter(number__gt=after).first() or open_ones.first()
    return found.number if found else None
