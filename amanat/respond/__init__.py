"""Respond: run the incident: facts, roles, tasks, journal. Alert to incident."""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path

from amanat.terms.fact import Fact
from amanat.terms.incident import Incident
from amanat.terms.promise import MadeIn, Promise, PromiseKind


def open_incident(folder: Path, *, has_database: bool = False) -> Incident:
    """The incident of a story folder: its facts and its company; where a database is read, the folder may be without files.

    Raises NoStory, and the errors of facts and company files.
    """
    from amanat.respond.incident import open_incident as opened

    return opened(folder, has_database=has_database)


def playbooks() -> dict[str, "object"]:
    """Every playbook by name: the steps of each phase for one kind of incident."""
    from amanat.respond.playbook import playbooks as read

    return dict(read())


def promises_made(facts: Mapping[str, Fact], carried: Collection[str], *, made_in: MadeIn, made_at: datetime, owner: str) -> list[Promise]:
    """What the public was promised by texts that rest on the facts named in `carried`."""
    from amanat.respond.promises import promises_made as made

    return made(facts, carried, made_in=made_in, made_at=made_at, owner=owner)


def a_promise(
    kind: PromiseKind, words: Mapping[str, str], *, made_in: MadeIn, made_at: datetime, due_at: datetime | None, owner: str, after: str = ""
) -> Promise:
    """A new public promise, or one in the place of another (`after`). Raises Fixable for one without words or owner."""
    from amanat.respond.promises import a_promise as made

    return made(kind, words, made_in=made_in, made_at=made_at, due_at=due_at, owner=owner, after=after)


def keep(promise: Promise, *, at: datetime, evidence: str) -> Promise:
    """The promise as kept at that moment. Raises Fixable where it was settled already, or nothing shows it."""
    from amanat.respond.promises import keep as kept

    return kept(promise, at=at, evidence=evidence)


def break_(promise: Promise, *, at: datetime, why: str) -> Promise:
    """The promise as broken, with the reason. Raises Fixable."""
    from amanat.respond.promises import break_ as broken

    return broken(promise, at=at, why=why)


def move(promise: Promise, *, at: datetime, due_at: datetime, why: str) -> tuple[Promise, Promise]:
    """The promise as moved, and the one in its place. Raises Fixable."""
    from amanat.respond.promises import move as moved

    return moved(promise, at=at, due_at=due_at, why=why)


def take_promises(
    case: Path, facts: Mapping[str, Fact], carried: Collection[str], *, made_in: MadeIn, made_at: datetime, owner: str
) -> list[Promise]:
    """Writes what was promised by what just went out into the register of a case folder; returns what is new."""
    from amanat.respond.promises import take_promises as take

    return take(case, facts, carried, made_in=made_in, made_at=made_at, owner=owner)
