"""Control: one thing that must be there before an attack, with its words, its sources and, where possible, a look at whether it is there.

The members live in `controls/`, one file each. Unknown is not no, and it is never a pass.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from amanat import wording
from amanat.lib.errors import Fixable
from amanat.lib.open_set import OpenSet
from amanat.prepare.plan_words import named
from amanat.prepare.world import World

State = Literal["in place", "partly", "missing", "unknown"]
STATES: tuple[State, ...] = ("in place", "partly", "missing", "unknown")
MEMBERS = OpenSet("prepare/controls", "CONTROL")


class BadControl(Fixable):
    """A control's file says something that cannot be."""


@dataclass(frozen=True, slots=True)
class Words:
    """What people read about a control, in one language."""

    title: str
    why: str  # what happens in a breach without it
    next_step: str  # what to do when it is not in place


@dataclass(frozen=True, slots=True)
class Source:
    """Who asks for it. `read_on` is the day on which somebody last compared our words with it; None: cited, not compared."""

    name: str
    cite: str
    url: str
    read_on: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found: a state, and the key of the sentence in `Control.says` with its details."""

    state: State
    says: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Example:
    """A world in which the look gives these states; no states: there is nothing to look at, so a person must say."""

    world: World
    states: tuple[State, ...]


Look = Callable[[World], tuple[Seen, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One control.

    `hurts` from 1 to 5 says how much worse a breach gets without it; it orders the table. A statement of staff about it counts as unknown when it is
    older than `stale_after_days`.
    """

    hurts: int
    is_must: bool
    words: Mapping[str, Words]
    sources: tuple[Source, ...]
    stale_after_days: int = 365
    look: Look | None = None
    is_look_whole: bool = True  # False: we see a part (amanat itself), so staff must speak for the rest
    says: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # sentences of the look, by key and language, with %(name)s
    examples: tuple[Example, ...] = ()

    def __post_init__(self) -> None:
        if not (1 <= self.hurts <= 5 and self.sources and "en" in self.words):
            raise BadControl("a control has words in English, a source, and hurts from 1 to 5")

    def in_language(self, language: str) -> Words:
        """Its words in this language, else in English."""
        return self.words[wording.language_for(language, self.words, "en")]

    def sentence(self, seen: Seen, language: str) -> str:
        """What a look found, as a sentence in this language, else in English."""
        texts = self.says[seen.says]
        spoken = wording.language_for(language, texts, "en")
        return texts[spoken] % spelt(seen.details, spoken)


def spelt(details: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The details with their numbers as the language writes them, and tuples of a plan's codes as words.

    >>> spelt({"days": 1500, "domain": "karvan.example"}, "fa")
    {'days': '۱٬۵۰۰', 'domain': 'karvan.example'}
    """
    words = wording.words(language)

    def one(value: Any) -> Any:
        if isinstance(value, tuple):
            return named(value, language)
        return words.say("{x, number}", x=value) if isinstance(value, int) else value

    return {name: one(value) for name, value in details.items()}


def controls() -> dict[str, Control]:
    """Every control, by name."""
    return MEMBERS.load()
