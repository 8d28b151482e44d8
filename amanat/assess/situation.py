"""Situation: what a condition of the law may ask, answered from the facts that people gave and the exposures that a scan counted.

What follows from something else is said (`note`), and may only create duties: data that were taken were also seen.
Numbers are bounds. The lower one counts persons who are sure, and outsiders whose residence is known; the upper one adds
those who wait for a reviewer and those of whom only the country is known.
"""

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from amanat.assess.groups import Group, together
from amanat.assess.tree import Between, Expression, Known, SomeKinds
from amanat.terms.assessment import Reason
from amanat.terms.fact import Fact, fact_types
from amanat.terms.places import SUBDIVISIONS, country_of, lies_in

T = TypeVar("T")

# Families of moments in terms/facts.toml.
_SUSPICION, _KNOWLEDGE, _CONCLUSION = "suspicion", "first_knowledge", "conclusion"

# Kinds of incident that somebody wants to happen.
_ON_PURPOSE = ("ransomware", "phishing", "malware", "social_engineering")


@dataclass(slots=True)
class Situation:
    """Facts and counted exposures of one incident. `groups` None: nobody has counted yet."""

    facts: Mapping[str, Fact]
    groups: tuple[Group, ...] | None = None
    advice: str = "none"  # of the severity; the least that `risk` is while nobody has decided it
    assumed: dict[str, str] = field(default_factory=dict)  # fact -> sentence
    taken: dict[int, tuple[Expression, Reason]] = field(default_factory=dict, repr=False)
    _counted: dict[Any, Any] = field(default_factory=dict, repr=False)  # answers given before; one incident is asked the same thing often

    # ---- facts ----

    def given(self, name: str) -> Any:
        """The value that people gave, or None."""
        fact = self.facts.get(name)
        return None if fact is None or fact.status == "unknown" else fact.value

    def fact(self, name: str) -> Known | Between | None:
        """The value of a fact, given or following from others; None when unknown."""
        follows = _FOLLOWS.get(name)
        value = self.given(name)
        if value is not None:
            found = follows(self) if follows and name in _EXPOSURES_WIN and value is False else None
            if found is not None:
                return self._note(name, found)
            return Known(value, f"{name} is believed, not known" if self.facts[name].status == "believed" else "")
        if name == "risk":
            return self._undecided_risk()
        found = follows(self) if follows else None
        return None if found is None else self._note(name, found)

    def is_true(self, name: str) -> bool:
        """Whether a fact is yes for sure."""
        found = self.fact(name)
        return isinstance(found, Known) and found.value is True

    def risk_is_at_least(self, level: str) -> bool:
        """Whether a person decided so, or nobody decided and the severity advises it."""
        ranks = fact_types()["risk"].choices
        decided = self.given("risk")
        return ranks.index(decided if decided is not None else self.advice) >= ranks.index(level)

    def _undecided_risk(self) -> Between | None:
        choices = fact_types()["risk"].choices
        low = choices.index(self.advice)
        # The advice creates duties and removes none: a risk may always turn out higher.
        return (
            Between(low, len(choices) - 1, f"nobody has decided the risk yet; the severity advises to treat it as {self.advice!r}") if low else None
        )

    def _note(self, name: str, found: tuple[Any, str]) -> Known:
        value, why = found
        sentence = f"{name} is taken as {_word(value)}: {why}"
        self.assumed[name] = sentence
        return Known(value, sentence)

    def once(self, key: Hashable, find: Callable[[], T]) -> T:
        """What `find` found the first time it was asked under this key."""
        if key not in self._counted:
            self._counted[key] = find()
        found: T = self._counted[key]
        return found

    def moment(self, name: str) -> tuple[datetime | None, str]:
        """When an event happened, and which other moment stands in for it when nobody gave it."""
        return self.once(("moment", name), lambda: self._moment(name))

    def _moment(self, name: str) -> tuple[datetime | None, str]:
        at = self.given(name)
        if at is not None:
            return at, ""
        kind = fact_types()[name]
        if not kind.like:
            return None, ""
        names = [kind.like, *(n for n, other in fact_types().items() if other.family == kind.family and n != kind.like)]
        found = [(self.given(n), n) for n in names if self.given(n) is not None]
        if not found and kind.family == _SUSPICION:
            return self._suspected(name)
        if not found:
            return None, ""
        # The family's own member first; failing that the earliest, because the earlier date is the safe one.
        at, other = found[0] if found[0][1] == kind.like else min(found)
        note = f"{name} is taken from {other}: nobody gave it, and one date per family is enough"
        self.assumed[name] = note
        return at, note

    def is_conclusion(self, name: str) -> bool:
        """Whether an event is the moment of a conclusion of ours, which no other moment stands in for."""
        return bool(name) and fact_types()[name].family == _CONCLUSION

    def _suspected(self, name: str) -> tuple[datetime | None, str]:
        """The first moment of knowledge, where nobody said when we began to suspect: whoever knew had suspected it by then."""
        known = [(self.given(n), n) for n, other in fact_types().items() if other.family == _KNOWLEDGE and self.given(n) is not None]
        if not known:
            return None, ""
        at, other = min(known)
        note = f"{name} is taken from {other}: nobody gave it, and it cannot have been later; an earlier moment makes the date earlier"
        self.assumed[name] = note
        return at, note

    # ---- persons ----

    def residents(self, places: tuple[str, ...], kinds: tuple[str, ...]) -> Between:
        """How many affected persons live in these places; with `kinds`, those of whom one of them is affected."""
        return self.once(("residents", places, kinds), lambda: self._count_residents(places, kinds))

    def residents_of_one(self, country: str) -> Between:
        """How many live in that state or part of the country in which most do."""
        parts = [self.residents((place,), ()) for place in SUBDIVISIONS if country_of(place) == country]
        most = max(parts, key=lambda part: part.high)
        return Between(max(part.low for part in parts), most.high, most.note)

    def _count_residents(self, places: tuple[str, ...], kinds: tuple[str, ...]) -> Between:
        people = self.given("residents")
        if self.groups is None and people is None:
            return Between(0, math.inf)
        notes = []
        low: float = 0
        high: float = 0
        for home, is_review, people_there in self._at_home():
            lives = lies_in(home, places) and not is_review
            if not lives and not self._may_live_in(home, places):
                continue
            n = sum(n for theirs, n in people_there.items() if not kinds or not theirs.isdisjoint(kinds))
            low, high = (low + n if lives else low), high + n
        if high > low:
            notes.append(f"{high - low:.0f} more may live there: they wait for a reviewer, or their state or residence is not known")
        if people is not None:
            told = sum(n for place, n in people.items() if lies_in(place, places))
            told_high = told + sum(n for place, n in people.items() if _may_lie_in(place, places) and not lies_in(place, places))
            if self.groups is None:
                share = self._share_with(kinds)
                low, high = low + told * share[0], high + told_high * share[1]
            else:
                counted = sum(sum(there.values()) for home, is_review, there in self._at_home() if not is_review and lies_in(home, places))
                if told > counted:
                    # Of persons whom the scan did not see nobody knows the kinds: they count as covered, because missing a person is worse.
                    low, high = low + told - counted, max(high, low) + told - counted
                    notes.append(f"{told} were given by people, {counted} counted in exposures: the larger number counts")
        return Between(low, high, "; ".join(notes))

    def _at_home(self) -> list[tuple[str | None, bool, dict[frozenset[str], int]]]:
        """Residence, whether they wait for a reviewer, and how many persons with which kinds: laws ask by place, one after the other."""

        def find() -> list[tuple[str | None, bool, dict[frozenset[str], int]]]:
            found: dict[tuple[str | None, bool], dict[frozenset[str], int]] = {}
            for group in self.groups or ():
                there = found.setdefault((group.residence, group.state == "review"), {})
                there[group.kinds] = there.get(group.kinds, 0) + group.n
            return [(home, is_review, there) for (home, is_review), there in found.items()]

        return self.once("at home", find)

    def _may_live_in(self, home: str | None, places: tuple[str, ...]) -> bool:
        # A few persons without a residence are counted in the whole only, or every law of the world would stay open for them.
        # Where most have none (no register yet), the few known ones say little, and unknown is not no.
        if home is None:
            return not places or self._is_mostly_nowhere()
        return lies_in(home, places) or _may_lie_in(home, places)

    def _is_mostly_nowhere(self) -> bool:

        def find() -> bool:
            nowhere = sum(g.n for g in self.groups or () if g.residence is None)
            return 2 * nowhere > sum(g.n for g in self.groups or ())

        return self.once("mostly nowhere", find)

    def _share_with(self, kinds: tuple[str, ...]) -> tuple[int, int]:
        if not kinds:
            return 1, 1
        named = self.given("kinds")
        has = None if named is None else bool(together(named) & set(kinds))
        return (1, 1) if has else (0, 1) if has is None else (0, 0)

    def kinds(self, places: tuple[str, ...]) -> SomeKinds:
        """Which kinds of data are affected of persons who live in these places."""
        return self.once(("kinds", places), lambda: self._gather_kinds(places))

    def _gather_kinds(self, places: tuple[str, ...]) -> SomeKinds:
        named = self.given("kinds")
        if self.groups is None and named is None:
            return SomeKinds(frozenset(), None)
        sure, maybe = together(named or ()), frozenset[str]()
        for home, is_review, there in self._at_home():
            if lies_in(home, places) and not is_review:
                sure = sure.union(*there)
            elif self._may_live_in(home, places):
                maybe = maybe.union(*there)
        if self.given("extent_known") is False:
            # A number of persons is judged as far as it is known, and again with each count; a kind not found yet stays open.
            return SomeKinds(sure, None, "the extent is not known yet: there may be more")
        return SomeKinds(sure, maybe, "some persons wait for a reviewer, or their state or residence is not known" if maybe - sure else "")

    def established(self, places: tuple[str, ...]) -> Known | None:
        """Whether we are established in one of these places."""
        return self.once(("established", places), lambda: self._established(places))

    def _established(self, places: tuple[str, ...]) -> Known | None:
        ours = self.given("establishments")
        main = self.given("main_establishment")
        named = [*(ours or ()), *([main] if main else ())]
        if any(lies_in(place, places) for place in named):
            return Known(True)
        if ours is None or any(_may_lie_in(place, places) for place in named):
            return None
        return Known(False)

    def n_persons(self) -> Between:
        """All affected persons."""
        return self.residents((), ())


def _may_lie_in(place: str | None, places: tuple[str, ...]) -> bool:
    # "US" alone may be California.
    return place is not None and place not in SUBDIVISIONS and any(p in SUBDIVISIONS and country_of(p) == place for p in places)


# ---- what follows from something else; each may only create duties ----


def _acquired(now: Situation) -> tuple[Any, str] | None:
    if now.given("exfiltration") == "confirmed":
        return True, "it is confirmed that data left our systems"
    if any(g.basis == "content" and g.state != "review" for g in now.groups or ()):
        return True, "persons were found in the stolen files themselves"
    return None


def _accessed(now: Situation) -> tuple[Any, str] | None:
    return (True, "data that were taken were also within reach") if now.is_true("acquired") else None


def _confidentiality(now: Situation) -> tuple[Any, str] | None:
    return (True, "data were taken or seen") if now.is_true("acquired") or now.is_true("accessed") else None


def _encrypted(now: Situation) -> tuple[Any, str] | None:
    if any(g.basis == "content" and g.state != "review" for g in now.groups or ()):
        return "no", "the stolen files could be read without a key"
    return None


def _minors(now: Situation) -> tuple[Any, str] | None:
    return (True, "the exposures list minors") if any(g.minor and g.state != "review" for g in now.groups or ()) else None


def _vulnerable(now: Situation) -> tuple[Any, str] | None:
    return (True, "minors are among the persons") if now.is_true("minors_affected") else None


def _malicious(now: Situation) -> tuple[Any, str] | None:
    kind = now.given("incident_kind")
    return (True, f"it is {kind}, which nobody does by mistake") if kind in _ON_PURPOSE else None


def _of_high_risk(now: Situation) -> tuple[Any, str] | None:
    if not now.risk_is_at_least("high"):
        return None
    return True, "a high risk was decided" if now.given("risk") == "high" else "nobody decided it, and the severity advises a high risk"


def _ransom_paid(now: Situation) -> tuple[Any, str] | None:
    return None if now.given("ransom_payment") is None else (True, "the moment of the payment is known")


def _material_to_investors(now: Situation) -> tuple[Any, str] | None:
    return None if now.given("materiality_determination") is None else (True, "the moment when we concluded it is known")


_FOLLOWS: dict[str, Callable[[Situation], tuple[Any, str] | None]] = {
    "acquired": _acquired,
    "accessed": _accessed,
    "confidentiality_loss": _confidentiality,
    "encrypted": _encrypted,
    "minors_affected": _minors,
    "vulnerable_persons": _vulnerable,
    "malicious": _malicious,
    "serious_injury": _of_high_risk,
    "relevant_harm": _of_high_risk,
    "serious_harm": _of_high_risk,
    "significant_harm": _of_high_risk,
    "rights_significantly_affected": _of_high_risk,
    "ransom_paid": _ransom_paid,
    "is_material_to_investors": _material_to_investors,
}

# What a scan has seen stands against a "no" that was given before it was seen.
_EXPOSURES_WIN = ("minors_affected", "vulnerable_persons")


def _word(value: Any) -> str:
    return {True: "yes", False: "no"}.get(value, repr(value)) if isinstance(value, bool) else repr(value)
