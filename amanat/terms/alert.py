"""Alert: a sign that something may be wrong, about one thing, in one stretch of time, with its reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from amanat.lib.private import Private

AlertKind = Literal["phishing", "malware", "denial_of_service", "social_engineering", "data_breach", "disinformation"]
Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")
# hard: true in hardly any honest case, and never averaged away; strong and weak: they add up; context: says who or what, weighs nothing.
Strength = Literal["hard", "strong", "weak", "context"]
STRENGTHS: tuple[Strength, ...] = ("hard", "strong", "weak", "context")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One reason, which explains itself: `says % details` is a sentence for the reader."""

    signal: str  # file in detect/signals or detect/patterns, or "sigma:" and the rule's name
    strength: Strength
    says: str  # with %(name)s for each detail; translated on screens
    details: Mapping[str, Any] = field(default_factory=dict, repr=False)  # texts and numbers; may name domains, files, accounts
    about_us: bool = False  # somebody uses our name or domain

    @property
    def sentence(self) -> str:
        return self.says % self.details


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What an alert is about: the one thing a person would act on."""

    type: Literal["domain", "address", "account", "host", "service", "message"]  # address: of a machine on the network
    value: Private | str  # Private where it may lead to a person


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that a person should look at: one entity, one window, however many events."""

    id: str  # the same for the same entity, kind and beginning
    kind: AlertKind
    entity: Entity
    since: datetime | None  # None: the source tells no time
    until: datetime | None  # of the last event
    n_events: int
    severity: Severity
    evidence: tuple[Evidence, ...]  # strongest first
