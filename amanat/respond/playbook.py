"""Playbooks: one plan per kind of incident, phase by phase."""

import itertools
from dataclasses import dataclass
from datetime import date
from typing import Literal

from amanat.lib.errors import Fixable
from amanat.lib.open_set import OpenSet
from amanat.lib.shape import build, read_toml
from amanat.terms.fact import fact_types

PLAYBOOKS = OpenSet("respond/playbooks", suffix=".toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do, by whom, and which facts it brings."""

    id: str
    phase: Literal["identification", "containment", "eradication", "recovery", "lessons"]
    says: str
    role: str
    within_hours: int | None = None  # from the declaration of the incident
    brings: tuple[str, ...] = ()  # facts that are known when the step is done


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A short story, and the step that must come first in it."""

    story: str
    first_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Playbook:
    """One plan: for which kind of incident, from which source, in which steps."""

    id: str
    incident_kind: str
    says: str
    source: str
    read_on: date
    step: tuple[Step, ...]
    example: tuple[Example, ...]


class BadPlaybook(Fixable):
    """A playbook that names a fact, phase or step that does not exist."""


def playbooks() -> dict[str, Playbook]:
    """Every playbook by name, checked: steps named once, facts that exist, phases in their order."""
    found = {}
    order = ["identification", "containment", "eradication", "recovery", "lessons"]
    for name, path in PLAYBOOKS.paths().items():
        playbook = build(Playbook, read_toml(path), where=path)
        ids = [step.id for step in playbook.step]
        if playbook.incident_kind not in fact_types()["incident_kind"].choices:
            raise BadPlaybook(f"{path}: there is no incident kind {playbook.incident_kind!r}; see `amanat assess facts`")
        if len(set(ids)) != len(ids):
            raise BadPlaybook(f"{path}: two steps have the same id")
        for step in playbook.step:
            for fact in step.brings:
                if fact not in fact_types():
                    raise BadPlaybook(f"{path}: step {step.id!r} brings {fact!r}, which is not a fact; see `amanat assess facts`")
        if any(order.index(a.phase) > order.index(b.phase) for a, b in itertools.pairwise(playbook.step)):
            raise BadPlaybook(f"{path}: the steps are not in the order {', '.join(order)}")
        for example in playbook.example:
            if example.first_step != ids[0]:
                raise BadPlaybook(f"{path}: the example expects {example.first_step!r} first, and the plan begins with {ids[0]!r}")
        found[name] = playbook
    return found
