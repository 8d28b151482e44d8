"""Examples: every law's own stories, judged by that law alone (and those its duties wait for)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timezone
from functools import lru_cache

from amanat.assess.clock import is_same_moment
from amanat.assess.groups import Group, together
from amanat.assess.judgement import judge
from amanat.assess.law import Example
from amanat.assess.statute_book import Ready, facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """An example whose outcome is not what its law file expects."""

    law: str
    story: str
    duty: str
    expected: str
    got: str


def check_examples(laws: Iterable[Ready]) -> tuple[int, tuple[Miss, ...]]:
    """How many outcomes were compared, and those that differ."""
    laws = tuple(laws)
    n, misses = 0, list[Miss]()
    for ready in laws:
        needed = _with_those_it_waits_for(ready, laws)
        n += sum(len(example.duties) + len(example.by) + len(example.adds) for example in ready.law.example)
        misses += _of_law(ready, needed)
    return n, tuple(misses)


@lru_cache(maxsize=1024)
def _of_law(ready: Ready, needed: tuple[Ready, ...]) -> tuple[Miss, ...]:
    # A file that has not changed, nor one that its duties wait for, is not judged again: its stories carry their own day.
    return tuple(miss for example in ready.law.example for miss in _misses(ready, example, needed))


def _with_those_it_waits_for(ready: Ready, laws: tuple[Ready, ...]) -> tuple[Ready, ...]:
    # One law knows nothing of another unless a duty of it comes after a duty there; to judge all of them for each story takes minutes.
    home = {rule.id: other for other in laws for rule in other.law.duty}
    needed, waiting = {ready.law.id: ready}, [ready]
    while waiting:
        for rule in waiting.pop().law.duty:
            for other in (home[name] for name in rule.waits_for if name in home):
                if other.law.id not in needed:
                    needed[other.law.id] = other
                    waiting.append(other)
    return tuple(needed.values())


def _misses(ready: Ready, example: Example, laws: tuple[Ready, ...]) -> list[Miss]:
    at = datetime.combine(ready.law.read_on, time(12), timezone.utc)
    assessment = judge(laws, facts_of(example), _groups(example), now=at, include_proposed=example.include_proposed, with_changes=False)
    by_id = {duty.id: duty for duty in assessment.duties}
    misses = []
    for name, expected in example.duties.items():
        duty = by_id.get(name)
        if duty is None:
            got: object = "absent (a draft that was not asked for)"
        else:
            got = duty.due_at if isinstance(expected, datetime) and duty.state == "due" and duty.due_at else duty.state
            if expected == "due" and duty.state == "due" and duty.due_at is not None:
                got = duty.due_at  # "due" alone means that no instant is fixed
        if not (is_same_moment(got, expected) if isinstance(got, datetime) and isinstance(expected, datetime) else got == expected):
            misses.append(Miss(law=ready.law.id, story=example.story, duty=name, expected=_shown(expected), got=_shown(got)))
    for name, exemption in example.by.items():
        steps = by_id[name].why if name in by_id else ()
        got_by = next(
            (step.says.partition(":")[0].removeprefix("exemption ") for step in steps if step.says.startswith("exemption ") and step.outcome), "none"
        )
        if got_by != exemption:
            misses.append(Miss(law=ready.law.id, story=example.story, duty=name, expected=f"exempt by {exemption}", got=f"exempt by {got_by}"))
    rules = {rule.id: rule for rule in ready.law.duty}
    for name, items in example.adds.items():
        added = by_id[name].content[len(rules[name].content) :] if name in by_id else ()
        if set(added) != set(items):
            misses.append(Miss(law=ready.law.id, story=example.story, duty=name, expected=_listed(items), got=_listed(added)))
    return misses


def _listed(items: Iterable[str]) -> str:
    return f"a notice with {', '.join(sorted(items)) or 'nothing further'}"


def _groups(example: Example) -> tuple[Group, ...] | None:
    if not example.residents:
        return None
    return tuple(
        # Access, not content: the example itself says what is known of taking, seeing and encryption.
        Group(residence=place, kinds=together(example.kinds.get(place, ())), state="sure", basis="access", n=n)
        for place, n in example.residents.items()
        if n
    )


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
