"""Verdict: whether a duty is due, not due, exempt or undetermined, the steps that led there, and which single answer would change it."""

from dataclasses import dataclass

from amanat.assess.law import CONTRACT, Law, Rule, Version
from amanat.assess.situation import Situation
from amanat.assess.statute_book import Ready
from amanat.assess.tree import Instead, Leaf, k_and
from amanat.terms.assessment import DutyState, Reason
from amanat.terms.places import lies_in

NOTHING: Instead = {}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state of a duty and the steps that led to it."""

    state: DutyState
    why: tuple[Reason, ...]


def is_ours(law: Law, now: Situation) -> bool:
    """Whether the law is that of our main establishment; then it covers all persons. A branch alone brings it for the persons who live there."""
    main = now.given("main_establishment")
    if main is not None:
        return lies_in(main, law.places)
    found = now.established(law.places)
    return found is not None and found.value is True


def verdict_of(ready: Ready, rule: Rule, version: Version, now: Situation, instead: Instead) -> Verdict:
    """Gates first (does the law reach us, does the rule address us), then the condition, then the exemptions in their order."""
    law = ready.law
    why: list[Reason] = []
    gates = _gates(ready, rule, now, instead)
    why += gates
    if any(gate.outcome is False for gate in gates):
        # That nobody there is affected, that we are not there, or are no bank, does not hang on whether the law was checked; the role does.
        return Verdict("not_due" if law.verified or gates[0].outcome is False else "undetermined", tuple(why))
    holds = ready.condition(version.when).answer(now, instead)
    why.append(Reason(says=holds.says, outcome=holds.outcome, fact=holds.fact, got=holds.got, cite=version.cite or rule.cite, below=holds.below))
    if holds.outcome is False:
        return Verdict(*_removed("not_due", rule, why))
    state: DutyState = "due" if holds.outcome and all(gate.outcome for gate in gates) else "undetermined"
    for exemption in version.unless:
        answer = ready.condition(exemption.when).answer(now, instead)
        step = Reason(
            says=f"exemption {exemption.id}: {exemption.says or exemption.when}", outcome=answer.outcome, cite=exemption.cite, below=(answer,)
        )
        why.append(step)
        if answer.outcome is True:
            return Verdict(*_removed("exempt", rule, why))
        if answer.outcome is None and not exemption.must_be_shown:
            state = "undetermined"
    return Verdict(state, tuple(why))


def _removed(state: DutyState, rule: Rule, why: list[Reason]) -> tuple[DutyState, tuple[Reason, ...]]:
    """An unverified rule may create a duty, never remove one."""
    if rule.verified:
        return state, tuple(why)
    says = f"by its words the duty would be {state.replace('_', ' ')}, but nobody has checked this rule against a source: a person must look"
    return "undetermined", (*why, Reason(says=says, outcome=None, cite=rule.cite))


def _gates(ready: Ready, rule: Rule, now: Situation, instead: Instead) -> list[Reason]:
    return [_reach(ready, now, instead), *([_role(rule, now, instead)] if rule.role else [])]


def _reach(ready: Ready, now: Situation, instead: Instead) -> Reason:
    """Whether the law reaches us: by place, and, where it binds only some, by who we are."""
    place = _place(ready.law, now, instead)
    if not ready.law.for_whom:
        return place
    ours = ready.condition(ready.law.for_whom).answer(now, instead)
    return Reason(
        says=f"the law reaches us by place, and it binds us: {ours.says}", outcome=k_and([place.outcome, ours.outcome]), below=(place, ours)
    )


def _place(law: Law, now: Situation, instead: Instead) -> Reason:
    """Whether the law reaches us by where the affected persons live, or by where we are; a contract reaches us because we have signed it."""
    if law.kind == CONTRACT and not law.places:
        return Reason(says=f"we are bound by this contract: {law.name}", outcome=True)
    says = f"persons who live in {', '.join(law.places) or 'any place'} are affected"
    count = now.residents(law.places, ())
    lives: bool | None = True if count.low >= 1 else None if count.high > 0 else False
    lives = instead.get(says, lives)
    residents = Reason(
        says=says, outcome=lives, fact="residents", got=None if lives is None else int(count.low), below=_noted(count.note) if lives is None else ()
    )
    if not law.may_reach_by_establishment:
        return residents
    says_here = f"we are established in {', '.join(law.places)}"
    found = now.established(law.places)
    # A branch there, with the main establishment elsewhere and nobody affected who lives there: were these data processed for the branch?
    is_doubtful = found is not None and found.value is True and now.given("main_establishment") is not None and not is_ours(law, now)
    here = instead.get(says_here, None if found is None or is_doubtful else found.value)
    establishment = Reason(says=says_here, outcome=here, fact="establishments", got=now.given("establishments"))
    outcome = True if True in (lives, here) else None if None in (lives, here) else False
    return Reason(says=f"the law reaches us: {says}, or {says_here}", outcome=outcome, below=(residents, establishment))


def _role(rule: Rule, now: Situation, instead: Instead) -> Reason:
    says = f"the rule addresses the {rule.role}"
    role = now.given("role")
    outcome = instead.get(says, None if role is None else role.removeprefix("joint_") == rule.role)
    return Reason(says=says, outcome=outcome, fact="role", got=role)


def _noted(note: str) -> tuple[Reason, ...]:
    return (Reason(says=note, outcome=None),) if note else ()


def answer_of(ready: Ready, text: str, now: Situation) -> bool | None:
    return ready.condition(text).answer(now, NOTHING).outcome


# ---- what if ----


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing that is asked on the way to a state: its key in the trace, its fact, and the words for either answer."""

    key: str
    fact: str
    if_yes: str
    if_no: str
    is_asked: bool  # False: an exemption that we must show ourselves; nobody has to ask for it


def asked_of(ready: Ready, rule: Rule, version: Version, law: Law, *, is_reach_alone: bool = False) -> tuple[_Asked, ...]:
    """What the condition asks, then the exemptions, then whether the law reaches us at all; on request the last alone."""
    binds = [(ready.condition(law.for_whom), True)] if law.for_whom else []
    rest = [(ready.condition(version.when), True), *((ready.condition(e.when), not e.must_be_shown) for e in version.unless)]
    trees = binds if is_reach_alone else [rest[0], *binds, *rest[1:]]
    found = [_Asked(leaf.says, leaf.fact, leaf.wants(True), leaf.wants(False), asked) for tree, asked in trees for leaf in tree.leaves() if leaf.fact]
    places = ", ".join(law.places) or "any place"
    if rule.role and not is_reach_alone:
        found.append(_Asked(f"the rule addresses the {rule.role}", "role", f"role: {rule.role}", f"role: not {rule.role}", True))
    who = f"affected residents of {places}"
    found.append(_Asked(f"persons who live in {places} are affected", "residents", f"{who}: at least 1", f"{who}: none", True))
    if law.may_reach_by_establishment:
        here = f"we are established in {places}"
        found.append(_Asked(here, "establishments", f"establishments: with one in {places}", f"establishments: none in {places}", True))
    return tuple({asked.key: asked for asked in reversed(found)}.values())[::-1]


def what_if(
    ready: Ready, rule: Rule, version: Version, now: Situation, state: DutyState, leaves: tuple[_Asked, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which single answer would give another state, and which unknown facts to ask for, the most decisive first."""
    got = _answers(ready, rule, version, now)
    still_open = _still_open(ready, rule, version, now)
    change: list[tuple[bool, str]] = []
    weight: dict[str, int] = {}
    for leaf in leaves:
        known, shown = got.get(leaf.key, (None, None))
        for answer, words in ((True, leaf.if_yes), (False, leaf.if_no)):
            if answer is known:
                continue
            other = verdict_of(ready, rule, version, now, {leaf.key: answer}).state
            if other != state:
                change.append((known is not None, f"{words}{_now(known, shown)} → {other.replace('_', ' ')}"))
            if leaf.key in still_open and leaf.is_asked and state == "undetermined":
                weight[leaf.fact] = weight.get(leaf.fact, 0) + (2 if other != state else 1)
    change.sort(key=lambda c: c[0])  # what is unknown first
    ask = tuple(sorted(weight, key=lambda fact: (-weight[fact], fact)))
    return tuple(dict.fromkeys(words for _, words in change)), ask


def _now(known: bool | None, shown: object) -> str:
    if shown is None or shown == []:
        return " (now unknown)" if known is None else ""
    return f" (now {_plain(shown)})"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _steps(ready: Ready, rule: Rule, version: Version, now: Situation) -> list[Reason]:
    return _gates(ready, rule, now, NOTHING) + [
        ready.condition(text).answer(now, NOTHING) for text in (version.when, *(e.when for e in version.unless))
    ]


def _answers(ready: Ready, rule: Rule, version: Version, now: Situation) -> dict[str, tuple[bool | None, object]]:
    found: dict[str, tuple[bool | None, object]] = {}
    waiting = _steps(ready, rule, version, now)
    while waiting:
        reason = waiting.pop()
        found[reason.says] = (reason.outcome, reason.got)
        waiting += reason.below
    return found


def _still_open(ready: Ready, rule: Rule, version: Version, now: Situation) -> set[str]:
    """Unknown leaves that still matter: a key that may be gone is no question where nothing was encrypted."""
    found = set()
    waiting = [step for step in _steps(ready, rule, version, now) if step.outcome is None]
    while waiting:
        reason = waiting.pop()
        if reason.fact or not reason.below:
            found.add(reason.says)
        else:
            waiting += [part for part in reason.below if part.outcome is None]
    return found


def covered_kinds(ready: Ready, rule: Rule, version: Version, now: Situation) -> tuple[str, ...]:
    """Kinds without which a person is not owed this duty; empty when it is owed whatever is affected."""
    if rule.to != "individuals":
        return ()
    tree = ready.condition(version.when)
    asked: list[Leaf] = [leaf for leaf in tree.leaves() if leaf.kinds]
    if not asked or tree.answer(now, {leaf.says: False for leaf in asked}).outcome is not False:
        return ()
    return tuple(dict.fromkeys(kind for leaf in asked for kind in leaf.kinds))
