"""Readiness: for each control its state, from what we saw and what staff say, with the reasons; what hurts most first.

What we see counts more than what we are told, and the worst of several counts: one domain without a policy is enough for the attacker.
A statement without owner, evidence and date, or an old one, is a hope: it counts as unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from amanat.prepare.control import Control, Seen, State, controls, spelt
from amanat.prepare.sheet import Entry, Sheet
from amanat.prepare.world import World

# What is known to be wrong comes before what is not known; only what is known to be right passes.
_WORST: tuple[State, ...] = ("missing", "partly", "unknown", "in place")
_SAYS: dict[str, dict[str, str]] = {
    "nobody": {
        "en": "Nobody has said anything about it.",
        "fr": "Personne n’en a rien dit.",
        "fa": "کسی درباره‌اش چیزی نگفته است.",
    },
    "said": {
        "en": "%(evidence)s",
        "fr": "%(evidence)s",
        "fa": "%(evidence)s",
    },
    "said_bare": {
        "en": "Entered as %(state)s.",
        "fr": "Saisi comme : %(state)s.",
        "fa": "وضعیت واردشده: %(state)s.",
    },
    "no_proof": {
        "en": "Entered as %(state)s, but without %(lacks)s; so it counts as unknown.",
        "fr": "Saisi comme « %(state)s », mais sans %(lacks)s ; cela compte donc comme inconnu.",
        "fa": "وضعیت «%(state)s» وارد شده، اما بدون %(lacks)s؛ پس نامعلوم به شمار می‌آید.",
    },
    "stale": {
        "en": "Last looked at %(days)s days ago, more than the %(limit)s that it may be old; look again.",
        "fr": "Examiné il y a %(days)s jours, au-delà des %(limit)s admis ; à revoir.",
        "fa": "آخرین بررسی %(days)s روز پیش بوده، بیش از %(limit)s روز مجاز؛ دوباره نگاه کنید.",
    },
}
STATE_WORDS: dict[State, dict[str, str]] = {
    "in place": {"en": "in place", "fr": "en place", "fa": "برقرار"},
    "partly": {"en": "partly", "fr": "en partie", "fa": "تا حدی"},
    "missing": {"en": "missing", "fr": "absent", "fa": "نیست"},
    "unknown": {"en": "unknown", "fr": "inconnu", "fa": "نامعلوم"},
}
_LACKS = {
    "owner": {"en": "an owner", "fr": "responsable", "fa": "مسئول"},
    "evidence": {"en": "evidence", "fr": "preuve", "fa": "سند"},
    "on": {"en": "a date", "fr": "date", "fa": "تاریخ"},
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a state: seen by us, or said by staff; a sentence in each language."""

    state: State
    is_seen: bool
    sentences: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one control stands."""

    name: str
    control: Control
    state: State
    owner: str
    evidence: str
    on: date | None
    is_stale: bool
    reasons: tuple[Reason, ...]  # worst first

    @property
    def is_passed(self) -> bool:
        """Whether it may stay as it is: a must-have is in place, or it is no must-have."""
        return self.state == "in place" or self.state == "partly" or not self.control.is_must


def standings(world: World, sheet: Sheet) -> tuple[Standing, ...]:
    """Every control, what hurts most first, and what is in place last."""
    found = [_standing(name, control, world, sheet.control.get(name)) for name, control in controls().items()]
    return tuple(sorted(found, key=_order))


def _order(standing: Standing) -> tuple[Any, ...]:
    return (standing.state == "in place", -standing.control.hurts, standing.is_passed, _WORST.index(standing.state), standing.name)


def _standing(name: str, control: Control, world: World, entry: Entry | None) -> Standing:
    seen = control.look(world) if control.look else ()
    reasons = [Reason(one.state, True, _sentences(control, one)) for one in seen]
    said, is_stale = _said(control, entry, world)
    # A look needs no second word; where nobody looked and nobody spoke, that is the reason.
    if entry is not None or not seen or not control.is_look_whole:
        reasons.append(said)
    reasons.sort(key=lambda reason: _WORST.index(reason.state))
    return Standing(
        name=name,
        control=control,
        state=reasons[0].state,
        owner=entry.owner if entry else "",
        evidence=entry.evidence if entry else "",
        on=entry.on if entry else None,
        is_stale=is_stale,
        reasons=tuple(reasons),
    )


def _said(control: Control, entry: Entry | None, world: World) -> tuple[Reason, bool]:
    if entry is None:
        return Reason("unknown", False, _SAYS["nobody"]), False
    details: dict[str, dict[str, Any]] = {
        language: {
            "evidence": entry.evidence,
            "state": STATE_WORDS[entry.state][language],
        }
        for language in _SAYS["nobody"]
    }
    if entry.state in ("missing", "unknown"):
        return Reason(entry.state, False, _filled("said" if entry.evidence else "said_bare", details)), False
    if lacks := [key for key in ("owner", "evidence", "on") if not getattr(entry, key)]:
        for language, one in details.items():
            one["lacks"] = ", ".join(_LACKS[key][language] for key in lacks)
        return Reason("unknown", False, _filled("no_proof", details)), False
    assert entry.on is not None
    days = world.age_days(entry.on)
    if days > control.stale_after_days:
        for one in details.values():
            one |= {"days": days, "limit": control.stale_after_days}
        return Reason("unknown", False, _filled("stale", details)), True
    return Reason(entry.state, False, _filled("said", details)), False


def _filled(key: str, details: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {language: text % spelt(details[language], language) for language, text in _SAYS[key].items()}


def _sentences(control: Control, seen: Seen) -> dict[str, str]:
    return {language: text % spelt(seen.details, language) for language, text in control.says[seen.says].items()}


@dataclass(frozen=True, slots=True)
class Miss:
    """An example of a control that does not come out as its file says."""

    control: str
    number: int
    expected: tuple[str, ...]
    got: tuple[str, ...]


def check_examples() -> tuple[int, tuple[Miss, ...]]:
    """How many examples were tried, and those that differ."""
    n, misses = 0, []
    for name, control in controls().items():
        for number, example in enumerate(control.examples, 1):
            n += 1
            seen = control.look(example.world) if control.look else ()
            got = tuple(one.state for one in seen)
            for one in seen:
                _sentences(control, one)  # a detail that the sentence needs and the look forgot fails here
            if got != example.states:
                misses.append(Miss(name, number, example.states, got))
    return n, tuple(misses)
